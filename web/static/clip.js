// In and out of the clipboard.

const BLOCKS = new Set("P DIV BR TR LI UL OL TABLE H1 H2 H3 H4 H5 H6 PRE SECTION ARTICLE HEADER FOOTER BLOCKQUOTE".split(" "));

/** The text of what is pasted, as it is; rich text without a plain one becomes lines and tabs. */
export function pastedText(data) {
  const plain = data.getData("text/plain");
  if (plain) return plain;
  const rich = data.getData("text/html");
  return rich ? fromRich(rich) : "";
}

function fromRich(html) {
  const parts = [];
  const line = () => {
    if (parts.length && !parts[parts.length - 1].endsWith("\n")) parts.push("\n");
  };
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const inPre = node.parentElement?.closest("pre");
      const words = inPre ? node.data : node.data.replace(/[ \t\r\n]+/g, " ");
      if (words.trim() || (parts.length && !parts[parts.length - 1].endsWith("\n"))) parts.push(words);
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || ["STYLE", "SCRIPT", "TITLE"].includes(node.tagName)) return;
    if (node.tagName === "BR") parts.push("\n");
    const block = BLOCKS.has(node.tagName) && node.tagName !== "BR";
    if (block) line();
    if ((node.tagName === "TD" || node.tagName === "TH") && node.previousElementSibling) parts.push("\t");
    node.childNodes.forEach(walk);
    if (block) line();
  };
  // Parsed apart: nothing in it runs or loads.
  walk(new DOMParser().parseFromString(html, "text/html").body);
  return parts.join("").replace(/[ ]+\n/g, "\n").replace(/^\n+/, "");
}

/** Put a text into the clipboard; false where the browser does not let us. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text) {
  const box = document.createElement("textarea");
  box.value = text;
  box.className = "sr";
  box.setAttribute("data-own-paste", "");
  const focused = document.activeElement;
  (document.querySelector("dialog[open]") ?? document.body).append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  focused?.focus?.();
  return done;
}

export function download(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
