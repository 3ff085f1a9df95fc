// What the page holds: encounters as tabs, in memory only, and the way back (undo). Nothing here is ever stored.

const DEPTH = 30;
let serial = 0;

/** An encounter: its notes, what was chosen, what came back, and what the coder made of it. */
export function blank() {
  serial += 1;
  return {
    id: serial, notes: [], date: null, anyway: false, answer: null, error: null, busy: false,
    accepted: [], rejected: [], drafts: {}, lines: "", findings: "", at: null, turn: 0,
  };
}

export const state = {
  tabs: [blank()],
  open: 0,
  claim: null, // whose claim, once a coder chose it; holds for the notes that follow
  claimAsked: false,
  arming: null, // the role that the next paste takes in this encounter
  past: [],
};

export const current = () => state.tabs[state.open];

/** Remember how things stand, so that `undo` leads back here. */
export function remember() {
  state.past.push({ tabs: state.tabs.map((tab) => ({ ...tab })), open: state.open, claim: state.claim });
  if (state.past.length > DEPTH) state.past.shift();
}

export function undo() {
  const before = state.past.pop();
  if (!before) return false;
  Object.assign(state, { tabs: before.tabs, open: before.open, claim: before.claim, arming: null });
  for (const tab of state.tabs) tab.busy = false;
  return true;
}

/** Change the open encounter. */
export function change(values) {
  state.tabs = state.tabs.map((tab, i) => (i === state.open ? { ...tab, ...values } : tab));
}

/** Let go of everything, the way back included. */
export function wipe() {
  Object.assign(state, { tabs: [blank()], open: 0, arming: null, past: [], claimAsked: false });
}

const KEY = "corrin.settings";
const DEFAULTS = { dots: true, titles: false, partners: true, between: "line", own: "; ", letters: true, theme: "" };

/** Settings of the page: no word of a note is among them. */
export function settings() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return { ...DEFAULTS };
  }
}

export function set(values) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...settings(), ...values }));
  } catch {
    // a browser that keeps nothing: the settings last as long as the page
  }
}
