// The coder's list: what is accepted, in her order, written in her format.

const BETWEEN = { line: "\n", comma: ", ", semicolon: "; ", tab: "\t", blank: " " };

export const suggestions = (tab) => tab.answer?.result?.suggestions ?? [];
export const byCode = (tab, code) => suggestions(tab).find((s) => s.code === code);

/** The list with a code in its place: reporting order, unless the coder has moved things. */
export function withCode(tab, code) {
  const rank = byCode(tab, code).rank;
  const place = tab.accepted.findIndex((other) => (byCode(tab, other)?.rank ?? 0) > rank);
  const list = [...tab.accepted];
  list.splice(place < 0 ? list.length : place, 0, code);
  return list;
}

export function moved(list, code, by) {
  const from = list.indexOf(code);
  const to = from + by;
  if (from < 0 || to < 0 || to >= list.length) return list;
  const next = [...list];
  [next[from], next[to]] = [next[to], next[from]];
  return next;
}

/** What a code needs that Corrin does not judge: the placeholders before and behind it. */
export function partners(suggestion) {
  const after = suggestion.sequence_after;
  const before = after && typeof after === "object" && !after.code ? [after.what] : [];
  const behind = [];
  for (const need of suggestion.needs) (/precede|first/i.test(need) ? before : behind).push(need);
  return { before: [...new Set(before)], behind };
}

/** The code that must stand before this one and does not; null where the order is kept. */
export function broken(tab, code) {
  const after = byCode(tab, code)?.sequence_after;
  const first = after && typeof after === "object" ? after.code : after;
  const place = first ? tab.accepted.indexOf(first) : -1;
  return place > tab.accepted.indexOf(code) ? first : null;
}

/** The list as text. */
export function written(tab, format) {
  const items = [];
  for (const code of tab.accepted) {
    const suggestion = byCode(tab, code);
    if (!suggestion) continue;
    const { before, behind } = format.partners ? partners(suggestion) : { before: [], behind: [] };
    items.push(...before.map((what) => `[${what}]`));
    const shown = format.dots ? code : code.replace(".", "");
    items.push(format.titles ? `${shown} ${suggestion.title}` : shown);
    items.push(...behind.map((what) => `[${what}]`));
  }
  return [...new Set(items)].join(format.between === "own" ? format.own : BETWEEN[format.between] ?? "\n");
}
