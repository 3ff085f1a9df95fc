// The page: what each paste, key and click does.

import * as clip from "./clip.js";
import { idle } from "./idle.js";
import { byCode, moved, suggestions, withCode, written } from "./list.js";
import { by, cards, descend, follow, say, select, show, speak, take } from "./show.js";
import { blank, change, current, remember, set, settings, state, undo, wipe } from "./store.js";
import * as talk from "./talk.js";

const MOST_TABS = 12;

// ---- reading

async function readNow() {
  const tab = current();
  if (!tab.notes.length) return;
  const turn = tab.turn + 1;
  change({ turn, busy: true, error: null, findings: "" });
  document.body.dataset.busy = "yes";
  const { id } = tab;
  speak("");
  const waiting = setTimeout(() => mine(id, turn) && show(), 120); // a quick answer comes without a flicker
  let came = {};
  try {
    came = { answer: await talk.answer(current(), state.claim), error: null };
  } catch (trouble) {
    came = { answer: null, error: { message: trouble.message, kind: trouble.kind } };
  }
  clearTimeout(waiting);
  if (!mine(id, turn)) return;
  state.tabs = state.tabs.map((other) => (other.id === id ? settled({ ...other, ...came, busy: false }) : other));
  show();
  if (current().id !== id) return;
  say("");
  speak(came.error ? came.error.message : came.answer.summary);
  if (document.activeElement === document.body || document.activeElement === by("box")) by("summary").focus();
}

/** Whether an answer is still wanted: the encounter stands as it stood when it was asked. */
const mine = (id, turn) => state.tabs.some((tab) => tab.id === id && tab.turn === turn && tab.busy);

/** What was accepted stays where the new answer still holds it. */
function settled(tab) {
  if (!tab.answer) return tab;
  const holds = (code) => byCode(tab, code) !== undefined;
  return { ...tab, accepted: tab.accepted.filter(holds), rejected: tab.rejected.filter(holds) };
}

/** A note came in: it replaces the encounter, or joins it where that was asked for. */
function takeNote(text, more = {}) {
  if (!text.trim()) {
    say("There is no text in what was pasted.");
    return;
  }
  remember();
  const tab = current();
  const role = state.arming;
  state.arming = null;
  if (role) change({ notes: [...tab.notes, { text, role }], anyway: false, answer: null, warnings: null });
  else {
    const fresh = { ...blank(), notes: [{ role: "primary", ...more, text }] };
    state.tabs = state.tabs.map((other, i) => (i === state.open ? fresh : other));
  }
  by("box").value = "";
  readNow();
}

async function takeFile(file) {
  let got;
  try {
    got = await talk.read(file);
  } catch (trouble) {
    say(`${file.name}: ${trouble.message}`, 9000);
    return;
  }
  if (got.notes.length > 1 && !state.arming) takeRows(got);
  else {
    takeNote(got.text, got.notes[0]);
    if (got.warnings.length) change({ warnings: got.warnings });
  }
  if (got.warnings.length) say(got.warnings.join(" "), 9000);
}

/** A file of many notes: each encounter in a tab of its own. */
function takeRows(got) {
  remember();
  const grouped = new Map();
  got.notes.forEach((note, i) => {
    const key = note.encounter_id ?? `row ${i}`;
    grouped.set(key, [...(grouped.get(key) ?? []), { role: "primary", ...note }]);
  });
  const made = [...grouped.values()].slice(0, MOST_TABS).map((notes) => ({ ...blank(), notes }));
  const kept = state.tabs.filter((tab) => tab.notes.length);
  Object.assign(state, { tabs: [...kept, ...made], open: kept.length, arming: null });
  const left = grouped.size - made.length;
  if (left > 0) say(`The first ${MOST_TABS} encounters are open; ${left} more are not. Use corrin suggest for many.`, 9000);
  readNow();
}

// ---- what a coder does with an answer

function accept(code) {
  const tab = current();
  if (!code || !byCode(tab, code)) return;
  remember();
  const had = tab.accepted.includes(code);
  change({
    accepted: had ? tab.accepted.filter((other) => other !== code) : withCode(tab, code),
    rejected: tab.rejected.filter((other) => other !== code),
  });
  show();
  say(had ? `${code} is off your list` : `${code} accepted`);
}

function reject(code) {
  const tab = current();
  if (!code || !byCode(tab, code)) return;
  remember();
  const had = tab.rejected.includes(code);
  change({
    rejected: had ? tab.rejected.filter((other) => other !== code) : [...tab.rejected, code],
    accepted: tab.accepted.filter((other) => other !== code),
  });
  show();
  say(had ? `${code} is open again` : `${code} rejected`);
}

function acceptAll() {
  const sure = suggestions(current()).filter((s) => s.band === "code" && s.necessity === "required" && !current().rejected.includes(s.code));
  const fresh = sure.filter((s) => !current().accepted.includes(s.code));
  if (!fresh.length) {
    say("Nothing more in “Code it” to accept.");
    return;
  }
  remember();
  for (const s of fresh) change({ accepted: withCode(current(), s.code) });
  show();
  say(`Accepted: ${fresh.map((s) => s.code).join(", ")}`);
}

function move(code, step) {
  const list = moved(current().accepted, code, step);
  if (list === current().accepted) return;
  remember();
  change({ accepted: list });
  show();
}

async function copyList() {
  const tab = current();
  if (!tab.accepted.length) {
    say("Nothing accepted yet: A accepts the code in hand, Shift+A all of “Code it”.");
    return;
  }
  const done = await clip.copy(written(tab, settings()));
  say(done ? `Copied: ${tab.accepted.join(", ")}` : "The browser did not allow copying.");
}

async function copyQuery(card) {
  const wanted = card ?? document.querySelector('.card.now[data-key^="q-"]') ?? document.querySelector('.card[data-key^="q-"]');
  if (!wanted) {
    say("There is nothing to ask.");
    return;
  }
  const done = await clip.copy(wanted.querySelector("textarea").value);
  say(done ? "Query copied." : "The browser did not allow copying.");
}

function clear() {
  remember();
  state.arming = null;
  state.tabs = state.tabs.map((tab, i) => (i === state.open ? blank() : tab));
  show();
  by("box").focus();
  say("Cleared. Z brings it back.");
}

function clearAll(why) {
  wipe();
  by("box").value = "";
  for (const open of document.querySelectorAll("dialog[open]")) open.close();
  show();
  say(why, 20_000);
}

// ---- tabs

function newTab() {
  if (state.tabs.length >= MOST_TABS) {
    say(`${MOST_TABS} encounters are open; close one (W) first.`);
    return;
  }
  state.tabs = [...state.tabs, blank()];
  goTo(state.tabs.length - 1);
  by("box").focus();
}

function goTo(i) {
  if (i < 0 || i >= state.tabs.length) return;
  Object.assign(state, { open: i, arming: null });
  show();
  const tab = current();
  if (tab.notes.length && !tab.answer && !tab.busy && !tab.error) readNow();
}

function closeTab() {
  remember();
  state.tabs = state.tabs.filter((_, i) => i !== state.open);
  if (!state.tabs.length) state.tabs = [blank()];
  goTo(Math.min(state.open, state.tabs.length - 1));
  say("Closed. Z brings it back.");
}

/** Two patients in one paste: each part becomes an encounter of its own. */
function part() {
  const tab = current();
  const { note, at } = tab.answer.stop;
  remember();
  const one = { ...blank(), notes: tab.notes.slice(0, note) };
  const two = { ...blank(), notes: [tab.notes[note]] };
  if (at > 0) {
    one.notes = [...one.notes, { ...tab.notes[note], text: tab.notes[note].text.slice(0, at) }];
    two.notes = [{ ...tab.notes[note], text: tab.notes[note].text.slice(at) }];
  }
  two.notes = [...two.notes, ...tab.notes.slice(note + 1)];
  state.tabs = state.tabs.flatMap((other, i) => (i === state.open ? [one, two] : [other]));
  goTo(state.open);
}

async function checkLines() {
  const tab = current();
  let findings;
  try {
    findings = await talk.claim(tab, state.claim);
  } catch (trouble) {
    say(trouble.message, 9000);
    return;
  }
  state.tabs = state.tabs.map((other) => (other.id === tab.id && other.turn === tab.turn ? { ...other, findings } : other));
  show();
}

function openLines() {
  by("lines").open = true;
  by("line-text").focus();
}

// ---- out

const stamp = () => `corrin-encounter-${state.open + 1}`;

async function saveFhir() {
  const tab = current();
  if (!tab.answer || tab.answer.stop) return;
  try {
    const text = await talk.fhir(tab, state.claim, tab.accepted.length ? tab.accepted : null);
    clip.download(`${stamp()}.fhir.json`, "application/fhir+json", text);
  } catch (trouble) {
    say(trouble.message, 9000);
  }
}

function saveJson() {
  const tab = current();
  if (!tab.answer || tab.answer.stop) return;
  clip.download(`${stamp()}.json`, "application/json", `${JSON.stringify(tab.answer.result, null, 2)}\n`);
}

function printAll() {
  const folded = [...document.querySelectorAll("#cards details:not([open])")];
  for (const one of folded) one.open = true;
  window.print();
  for (const one of folded) one.open = false;
}

// ---- settings

function sample() {
  const tab = current();
  const chosen = settings();
  const real = tab.accepted.length ? written(tab, chosen) : "";
  by("f-sample").textContent = real || written(SAMPLE, chosen);
  by("f-own").disabled = chosen.between !== "own";
}

const SAMPLE = {
  accepted: ["D63.0", "E53.8"],
  answer: { result: { suggestions: [
    { rank: 1, code: "D63.0", title: "Anemia in neoplastic disease", needs: [], sequence_after: { code: null, what: "the neoplasm (C00-D49)" } },
    { rank: 2, code: "E53.8", title: "Deficiency of other specified B group vitamins", needs: [], sequence_after: null },
  ] } },
};

function readSettings() {
  const kept = settings();
  for (const key of ["dots", "titles", "partners"]) by(`f-${key}`).checked = kept[key];
  by("f-between").value = kept.between;
  by("f-own").value = kept.own;
  by("letters").checked = kept.letters;
  by("theme").value = kept.theme;
  applyTheme(kept.theme);
}

function applyTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

// ---- what a name on a button, or a letter, does

const DO = {
  read: () => takeNote(by("box").value),
  open: () => by("file").click(),
  again: readNow,
  copy: copyList,
  query: () => copyQuery(),
  format: () => { sample(); by("format").showModal(); },
  print: printAll,
  json: saveJson,
  fhir: saveFhir,
  clear,
  undo: () => { say(undo() ? "Undone." : "There is nothing to undo."); show(); },
  help: () => by("help").showModal(),
  tab: newTab,
  add: () => { toggleAdd(by("add-menu").hidden); },
  disarm: () => { state.arming = null; show(); },
  date: () => by("date").focus(),
  nodate: () => { change({ dateAsked: true }); show(); },
  claim: () => by("claim").focus(),
  lines: checkLines,
};

function toggleAdd(open) {
  by("add-menu").hidden = !open;
  document.querySelector('[data-do="add"]').setAttribute("aria-expanded", open);
  if (open) by("add-menu").querySelector("button").focus();
}

const inHand = () => document.querySelector(".card.now")?.dataset.code;

function step(by_) {
  const shown = cards();
  if (!shown.length) return;
  const at = shown.findIndex((card) => card.classList.contains("now"));
  const focused = shown[at]?.contains(document.activeElement);
  take(shown[Math.min(Math.max(at + (focused ? by_ : 0), 0), shown.length - 1)].dataset.key);
}

function stepMark(by_) {
  const marks = [...document.querySelectorAll("#note mark[role]")];
  if (!marks.length) return;
  const at = marks.indexOf(document.activeElement);
  const chosen = marks.findIndex((mark) => mark.classList.contains("sel"));
  const from = at >= 0 ? at : chosen;
  const next = marks[(from + by_ + marks.length) % marks.length];
  select(next.dataset.at.split(" ")[0], { focus: true });
}

const LETTERS = {
  a: () => accept(inHand()),
  A: acceptAll,
  x: () => reject(inHand()),
  c: DO.copy, q: DO.query, n: clear, z: DO.undo, e: DO.add, o: DO.open, p: DO.print, f: DO.format, r: DO.again,
  d: DO.date, g: openLines, l: DO.claim, t: newTab, w: closeTab,
  N: () => clearAll("Everything is cleared, beyond undo."),
  j: () => step(1),
  k: () => step(-1),
  "[": () => move(inHand(), -1),
  "]": () => move(inHand(), 1),
  ".": () => stepMark(1),
  ",": () => stepMark(-1),
  "?": DO.help,
};
const NEEDS_ANSWER = new Set("a A x c q e g p f r j k [ ] . ,".split(" "));

const isField = (node) => node?.matches?.("input:not([type=checkbox]):not([type=file]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && [by("box"), by("line-text")].includes(event.target)) {
    event.preventDefault();
    if (event.target === by("box")) DO.read();
    else checkLines();
    return;
  }
  if (event.key === "Escape") {
    if (isField(event.target)) event.target.blur();
    if (!by("add-menu").hidden) toggleAdd(false);
    else if (state.arming) DO.disarm();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !isField(event.target)) {
    event.preventDefault();
    DO.undo();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
  if (event.target.matches?.('[role="tab"]') && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
    goTo((state.open + (event.key === "ArrowRight" ? 1 : -1) + state.tabs.length) % state.tabs.length);
    document.querySelector('[role="tab"][aria-selected="true"]').focus();
    return;
  }
  if (event.key === "Enter" || event.key === " ") {
    if (event.target.matches?.("mark")) {
      event.preventDefault();
      follow(event.target);
    } else if (event.target.matches?.(".card") && event.key === "Enter") {
      event.preventDefault();
      descend(event.target);
    }
    return;
  }
  if (!settings().letters) return;
  const key = event.key.length === 1 && event.shiftKey ? event.key : event.key.toLowerCase();
  if (/^[1-9]$/.test(key)) {
    goTo(Number(key) - 1);
    return;
  }
  const what = LETTERS[key] ?? LETTERS[key.toLowerCase()];
  if (!what) return;
  if (NEEDS_ANSWER.has(key) && document.body.dataset.state !== "work") return;
  event.preventDefault();
  what();
});

document.addEventListener("paste", (event) => {
  if (event.target.closest?.("[data-own-paste], input")) return;
  event.preventDefault();
  for (const open of document.querySelectorAll("dialog[open]")) open.close();
  const file = event.clipboardData.files[0];
  const text = clip.pastedText(event.clipboardData);
  if (text) takeNote(text);
  else if (file) takeFile(file);
  else say("There is no text in what was pasted.");
});

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest?.(selector);
  const act = at("[data-act]")?.dataset.act;
  const card = at(".card");
  if (act === "accept") accept(card.dataset.code);
  else if (act === "reject") reject(card.dataset.code);
  else if (act === "query") copyQuery(card);
  else if (act === "part") part();
  else if (act === "anyway") { change({ anyway: true }); readNow(); }
  else if (at("mark")) follow(at("mark"), { focus: false });
  else if (at(".quote[data-at]")) {
    if (card) take(card.dataset.key, { focus: false, reveal: false, scroll: false });
    select(at(".quote").dataset.at);
  } else if (at("[data-do]")) DO[at("[data-do]").dataset.do]();
  else if (at("[data-add]")) { state.arming = at("[data-add]").dataset.add; toggleAdd(false); show(); by("box").focus(); }
  else if (at("[data-claim]")) choose(at("[data-claim]").dataset.claim);
  else if (at("[data-date]")) { change({ date: at("[data-date]").dataset.date }); readNow(); }
  else if (at("[data-tab]")) goTo(Number(at("[data-tab]").dataset.tab));
  else if (at("[data-move]")) move(at("[data-picked]").dataset.picked, Number(at("[data-move]").dataset.move));
  else if (at("[data-drop]")) accept(at("[data-picked]").dataset.picked);
  else if (at("[data-example]")) talk.example(at("[data-example]").dataset.example).then(takeNote, (t) => say(t.message));
  else if (card && !at("button, summary, textarea, a")) take(card.dataset.key, { focus: false });
});

function choose(claim) {
  state.claim = claim || null;
  state.claimAsked = true;
  show();
  readNow();
}

by("claim").addEventListener("change", (event) => choose(event.target.value));
by("date").addEventListener("change", (event) => {
  const date = event.target.value || null;
  if (!current().notes.length || date === current().date) return;
  remember();
  change({ date, dateAsked: true });
  readNow();
});
by("cards").addEventListener("input", (event) => {
  const key = event.target.closest(".card")?.dataset.key;
  if (key) change({ drafts: { ...current().drafts, [key]: event.target.value } });
});
by("cards").addEventListener("focusin", (event) => {
  const card = event.target.closest(".card");
  if (card && card.dataset.key !== current().at) take(card.dataset.key, { focus: false, reveal: false, scroll: false });
});
by("line-text").addEventListener("input", (event) => change({ lines: event.target.value, findings: "" }));
by("file").addEventListener("change", (event) => {
  const [file] = event.target.files;
  if (file) takeFile(file);
  event.target.value = "";
});
for (const key of ["dots", "titles", "partners"]) {
  by(`f-${key}`).addEventListener("change", (event) => { set({ [key]: event.target.checked }); sample(); });
}
by("f-between").addEventListener("change", (event) => { set({ between: event.target.value }); sample(); });
by("f-own").addEventListener("input", (event) => { set({ own: event.target.value }); sample(); });
by("letters").addEventListener("change", (event) => set({ letters: event.target.checked }));
by("theme").addEventListener("change", (event) => { set({ theme: event.target.value }); applyTheme(event.target.value); });

let dragged = 0;
document.addEventListener("dragenter", (event) => { if (event.dataTransfer?.types.includes("Files")) { dragged += 1; by("drop").hidden = false; } });
document.addEventListener("dragleave", () => { dragged = Math.max(0, dragged - 1); if (!dragged) by("drop").hidden = true; });
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  dragged = 0;
  by("drop").hidden = true;
  const [file] = event.dataTransfer.files;
  const text = event.dataTransfer.getData("text/plain");
  if (file) takeFile(file);
  else if (text) takeNote(text);
});

window.addEventListener("pagehide", wipe);
window.addEventListener("pageshow", (event) => event.persisted && show());
idle({
  isHolding: () => state.tabs.some((tab) => tab.notes.length) || state.past.length > 0 || by("box").value !== "",
  warn: () => say("In one minute all notes are cleared, since nothing has happened for nine. Any key keeps them.", 55_000),
  clear: () => clearAll("Cleared after ten idle minutes."),
});

readSettings();
show();
document.documentElement.dataset.ready = "yes";
