// Talking to the server. A failure becomes one sentence; the note stays where it is.

export class Trouble extends Error {
  constructor(message, kind) {
    super(message);
    this.kind = kind;
  }
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { ...options, cache: "no-store", credentials: "same-origin" });
  } catch {
    throw new Trouble(
      "Corrin's server does not answer. Your note is kept here: start it again (corrin serve), then press R to read it.",
      "gone",
    );
  }
  if (response.ok) return response;
  let told = null;
  try {
    told = (await response.json()).error;
  } catch {
    // no answer of ours
  }
  if (told?.kind === "token_needed") throw new Trouble("The session has ended: open /login in another tab, then press R.", told.kind);
  throw new Trouble(told?.message ?? `The server answered ${response.status}.`, told?.kind ?? "unknown");
}

const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** What is asked about an encounter. */
export function question(tab, claim) {
  return {
    notes: tab.notes.map((note, i) => ({ ...note, note_id: tab.notes.length > 1 ? String(i + 1) : null, encounter_id: null, encounter_date: null, setting: null })),
    encounter_date: tab.date ?? tab.notes[0]?.encounter_date ?? null,
    setting: claim ?? tab.notes[0]?.setting ?? null,
  };
}

export const answer = async (tab, claim) =>
  (await post("/page/answer", { ...question(tab, claim), anyway: tab.anyway })).json();

export const fhir = async (tab, claim, accepted) =>
  (await post("/api/fhir", { ...question(tab, claim), accepted })).text();

export const claim = async (tab, setting) =>
  (await (await post("/page/claim", { ...question(tab, setting), lines: tab.lines, accepted: tab.accepted })).json()).html;

export async function read(file) {
  const form = new FormData();
  form.append("file", file, file.name);
  return (await ask("/api/read", { method: "POST", body: form })).json();
}

export const example = async (name) => (await ask(`/static/examples/${name}.txt`, {})).text();
