// Nobody at the desk: after ten minutes without a key, a click or a paste, everything is cleared.

const LIMIT = 10 * 60_000;
const WARNING = 9 * 60_000;
const SIGNS = ["keydown", "pointerdown", "paste", "drop", "wheel", "touchstart", "input"];

export function idle({ isHolding, warn, clear }) {
  let last = Date.now();
  let warned = false;
  const check = () => {
    const since = Date.now() - last;
    if (!isHolding()) return;
    if (since >= LIMIT) {
      last = Date.now();
      warned = false;
      clear();
    } else if (since >= WARNING && !warned) {
      warned = true;
      warn();
    }
  };
  const stir = () => {
    check(); // a machine that slept wakes with a key: what is too old goes first
    last = Date.now();
    warned = false;
  };
  for (const sign of SIGNS) document.addEventListener(sign, stir, { capture: true, passive: true });
  document.addEventListener("visibilitychange", check);
  setInterval(check, 5_000);
}
