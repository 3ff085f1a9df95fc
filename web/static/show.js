// Showing an encounter: the server made the HTML of the answer and escaped the note; here it is put in its place.

import { broken, byCode, partners } from "./list.js";
import { current, state } from "./store.js";

export const by = (id) => document.getElementById(id);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const CLAIMS = { professional: "professional", outpatient: "hospital outpatient", inpatient: "hospital inpatient" };

let shownAnswer = null; // the answer whose HTML stands on the page
let shownTab = null;
let toastTimer = 0;

/** Say something for a moment; screen readers hear it. */
export function say(text, stay = 4000) {
  by("status").textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (by("status").textContent = ""), stay);
}

/** Tell a screen reader what the eye sees anyway. */
export function speak(text) {
  by("spoken").textContent = text;
}

function element(tag, values = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const button = (text, values) => element("button", { type: "button", ...values }, text);

export function show() {
  const tab = current();
  const asks = tab.notes.length === 0 || state.arming !== null;
  document.body.dataset.state = asks ? "empty" : "work";
  document.body.dataset.busy = tab.busy ? "yes" : "no";
  by("start").hidden = !asks;
  by("work").hidden = asks;
  showStart(tab);
  showTabs();
  showControls(tab);
  if (asks) {
    shownAnswer = null;
    for (const id of ["cards", "note", "line-findings"]) by(id).replaceChildren();
    by("line-findings").shown = "";
    by("line-text").value = "";
    return;
  }
  by("summary").textContent = tab.error ? "Not read" : tab.answer?.summary ?? "Reading…";
  showAsks(tab);
  if (tab.answer !== shownAnswer || tab.id !== shownTab || !tab.answer) showAnswer(tab);
  showMarks(tab);
  showList(tab);
  showLines(tab);
}

function showLines(tab) {
  by("lines").hidden = !tab.answer || Boolean(tab.answer.stop);
  if (document.activeElement !== by("line-text")) by("line-text").value = tab.lines;
  if (by("line-findings").shown !== tab.findings) {
    by("line-findings").innerHTML = tab.findings; // made and escaped by the server's templates
    by("line-findings").shown = tab.findings;
  }
}

function showStart(tab) {
  const armed = state.arming !== null;
  by("start-text").textContent = armed
    ? `Paste the ${{ primary: "other note", addendum: "addendum", context: "order or earlier visit" }[state.arming]}`
    : "Paste a note anywhere on this page";
  by("start-hint").textContent = armed
    ? `It is read together with the ${tab.notes.length === 1 ? "note" : `${tab.notes.length} notes`} of this encounter.`
    : "It is read at once. Paste the next one over it.";
  by("disarm").hidden = !armed;
  by("examples").hidden = armed;
}

function label(tab, i) {
  if (!tab.notes.length) return `${i + 1}: empty`;
  if (tab.error) return `${i + 1}: not read`;
  if (!tab.answer) return `${i + 1}: …`;
  if (tab.answer.stop) return `${i + 1}: two patients`;
  const codes = tab.answer.result.suggestions.filter((s) => s.necessity === "required").map((s) => s.code);
  return `${i + 1}: ${codes.slice(0, 2).join(" ") || (tab.answer.result.queries.length ? "ask" : "nothing")}`;
}

function showTabs() {
  by("tabs").replaceChildren(
    ...state.tabs.map((tab, i) =>
      button(label(tab, i), {
        role: "tab", "data-tab": i, "aria-selected": i === state.open, tabindex: i === state.open ? 0 : -1,
        "aria-controls": document.body.dataset.state === "work" ? "work" : "start",
      }),
    ),
  );
}

function showControls(tab) {
  const claim = by("claim");
  const read = tab.answer && !state.claim ? ` (${CLAIMS[tab.answer.setting]})` : "";
  claim.options[0].text = `from the note${read}`;
  claim.value = state.claim ?? "";
  const date = tab.date ?? tab.answer?.date ?? "";
  if (document.activeElement !== by("date")) by("date").value = date;
}

function showAsks(tab) {
  const parts = [];
  if (tab.error) {
    const alert = element("div", { class: "alert", role: "alert" }, element("p", {}, tab.error.message));
    alert.append(element("p", { class: "acts" }, button("Read again (R)", { "data-do": "again", class: "primary" })));
    parts.push(alert);
  }
  if (tab.warnings?.length) parts.push(element("div", { class: "warn" }, ...tab.warnings.map((w) => element("p", {}, w))));
  const answer = tab.answer;
  if (answer && !answer.stop && !tab.error) parts.push(...questions(tab, answer));
  by("asks").replaceChildren(...parts);
}

function questions(tab, answer) {
  const found = [];
  const { claim } = answer;
  const holds = answer.result.suggestions.length + answer.result.queries.length + answer.result.withheld.length > 0;
  if (claim?.is_claim && claim.setting !== answer.setting) {
    found.push(bar(`The note says “${claim.words}” (${claim.where}); you chose the ${CLAIMS[answer.setting]} claim.`,
      button("Take the note's", { "data-claim": claim.setting })));
  } else if (!state.claim && !claim?.is_claim && !state.claimAsked && holds) {
    const hint = claim ? ` The note says “${claim.words}” (${claim.where}): ${claim.why.charAt(0).toLowerCase()}${claim.why.slice(1)}` : "";
    found.push(bar(`Whose claim? It was read for the ${CLAIMS[answer.setting]} claim.${hint}`,
      ...Object.entries(CLAIMS).map(([key, name]) => button(name.charAt(0).toUpperCase() + name.slice(1), { "data-claim": key }))));
  }
  if (answer.asks_date && !tab.dateAsked) {
    found.push(bar(`Date of service? The note gives none, so ${answer.result.release} spoke.`,
      button("Give it (D)", { "data-do": "date" }), button("Leave it", { "data-do": "nodate" })));
  }
  const other = answer.dates.find((day) => day !== answer.date);
  if (tab.date && other && !answer.dates.includes(tab.date)) {
    found.push(bar(`The note says ${other}; you gave ${tab.date}.`, button(`Take ${other}`, { "data-date": other })));
  }
  return found;
}

const bar = (text, ...buttons) =>
  element("div", { class: "ask", role: "group", "aria-label": "Question" }, element("p", {}, text), element("p", { class: "acts" }, ...buttons));

/** Put an answer on the page; without one, the note stands there as it is. */
function showAnswer(tab) {
  shownAnswer = tab.answer;
  shownTab = tab.id;
  if (tab.answer) {
    by("cards").innerHTML = tab.answer.answer; // made and escaped by the server's templates
    by("note").innerHTML = tab.answer.note;
    for (const box of all("textarea", by("cards"))) {
      const kept = tab.drafts[box.closest(".card").dataset.key];
      if (kept !== undefined) box.value = kept;
    }
  } else {
    by("cards").replaceChildren();
    by("note").replaceChildren(...tab.notes.map((note) => element("div", { class: "text" }, note.text)));
  }
  by("answer").scrollTop = 0;
  by("note").scrollTop = 0;
  const cards = all(".card", by("cards"));
  if (!cards.some((card) => card.dataset.key === tab.at)) tab.at = cards[0]?.dataset.key ?? null;
}

/** Show what is accepted, rejected and in hand. */
function showMarks(tab) {
  for (const card of all(".card", by("cards"))) {
    const { code, key } = card.dataset;
    const accepted = code !== undefined && tab.accepted.includes(code);
    const rejected = code !== undefined && tab.rejected.includes(code);
    card.classList.toggle("accepted", accepted);
    card.classList.toggle("rejected", rejected);
    card.querySelector('[data-act="accept"]')?.setAttribute("aria-pressed", accepted);
    card.querySelector('[data-act="reject"]')?.setAttribute("aria-pressed", rejected);
    const now = key === tab.at;
    card.classList.toggle("now", now);
    card.tabIndex = now ? 0 : -1;
    for (const inner of all("button", card)) inner.tabIndex = now ? 0 : -1;
  }
  const marks = all("mark", by("note"));
  for (const mark of marks) {
    mark.classList.toggle("of", mark.dataset.for.split(" ").includes(tab.at));
    if (mark.hasAttribute("role")) mark.tabIndex = -1;
  }
  const reached = marks.find((mark) => mark.hasAttribute("role") && mark.classList.contains("of")) ?? marks.find((mark) => mark.hasAttribute("role"));
  if (reached) reached.tabIndex = 0;
}

function showList(tab) {
  const rows = [];
  for (const code of tab.accepted) {
    const suggestion = byCode(tab, code);
    if (!suggestion) continue;
    const { before, behind } = partners(suggestion);
    rows.push(...before.map((what) => element("li", { class: "partner" }, `[${what}] must stand before ${code}`)));
    const row = element("li", { "data-picked": code }, element("code", { class: "code" }, code), element("span", { class: "title" }, suggestion.title));
    const first = broken(tab, code);
    if (first) row.append(element("span", { class: "broken" }, `must come after ${first}`));
    row.append(
      button("↑", { "data-move": -1, "aria-label": `Move ${code} up` }),
      button("↓", { "data-move": 1, "aria-label": `Move ${code} down` }),
      button("✕", { "data-drop": "", "aria-label": `Take ${code} off the list` }),
    );
    rows.push(row, ...behind.map((what) => element("li", { class: "partner" }, `[${what}]`)));
  }
  by("picked").replaceChildren(...rows);
  const answer = tab.answer;
  const bare = answer && !answer.stop && !answer.result.suggestions.length && !answer.result.queries.length;
  by("list").hidden = Boolean(bare || answer?.stop || !answer);
  by("list-count").textContent = tab.accepted.length;
  by("list-empty").hidden = tab.accepted.length > 0;
}

const cardOf = (key) => all(".card", by("cards")).find((card) => card.dataset.key === key);
export const cards = () => all(".card", by("cards")).filter((card) => !card.closest("details:not([open])"));

/** Take a card in hand, and show its words in the note. */
export function take(key, { focus = true, reveal = true, scroll = true } = {}) {
  const tab = current();
  tab.at = key;
  const card = cardOf(key);
  if (!card) return;
  const folded = card.parentElement.closest("details:not([open])");
  if (folded) folded.open = true;
  showMarks(tab);
  if (focus) card.focus({ preventScroll: true });
  if (scroll) card.scrollIntoView({ block: "nearest" });
  if (reveal) {
    select(all("mark", by("note")).find((mark) => mark.dataset.for.split(" ").includes(key))?.dataset.at.split(" ")[0], { quiet: true });
  }
}

/** Mark one place of the note, and every quote of it on the cards. */
export function select(at, { focus = false, quiet = false } = {}) {
  for (const old of all(".sel")) old.classList.remove("sel");
  if (!at) return;
  const marks = all("mark", by("note")).filter((mark) => mark.dataset.at.split(" ").includes(at));
  for (const mark of marks) mark.classList.add("sel");
  if (!quiet) for (const quote of all(".quote", by("cards"))) quote.classList.toggle("sel", quote.dataset.at === at);
  const first = marks[0];
  if (!first) return;
  center(first);
  if (focus) {
    for (const mark of all("mark[role]", by("note"))) mark.tabIndex = -1;
    first.tabIndex = 0;
    first.focus({ preventScroll: true });
  }
}

function center(mark) {
  mark.scrollIntoView({ block: "center" });
}

let arrived = null; // the mark that was reached from a card; from it the way leads back

/** From a card to its first words in the note. */
export function descend(card) {
  const at = card.querySelector(".quote[data-at]")?.dataset.at;
  if (!at) return;
  select(at, { focus: true });
  arrived = document.activeElement;
}

/** From a mark to its card; again, to the next card that rests on it. */
export function follow(mark, { focus = true } = {}) {
  const tab = current();
  const owners = mark.dataset.for.split(" ").filter((key) => cardOf(key));
  const at = mark.dataset.at.split(" ")[0];
  if (!owners.length) {
    select(at);
    return;
  }
  const stays = owners.includes(tab.at) && (mark === arrived || !mark.classList.contains("sel"));
  arrived = null;
  const next = stays ? tab.at : owners[(owners.indexOf(tab.at) + 1) % owners.length];
  take(next, { focus, reveal: false });
  for (const old of all(".sel")) old.classList.remove("sel");
  const places = mark.dataset.at.split(" ");
  for (const other of all("mark", by("note"))) {
    if (other.dataset.at.split(" ").some((place) => places.includes(place))) other.classList.add("sel");
  }
  for (const quote of all(".quote", cardOf(next))) quote.classList.toggle("sel", places.includes(quote.dataset.at));
  center(mark);
}
