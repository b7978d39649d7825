/**
 * Loaded before a process's program: from the moment a number is said on the channel "shift-clock", the wall clock of all its
 * threads is off by so many milliseconds, as if somebody had set the machine's. Monotonic clocks are as they were.
 */
const RealDate = Date;
let shiftMs = 0;

globalThis.Date = /** @type {DateConstructor} */ (
  class extends RealDate {
    /** @param {[]} given */
    constructor(...given) {
      if (given.length === 0) super(RealDate.now() + shiftMs);
      else super(...given);
    }
    /** @override */
    static now() {
      return RealDate.now() + shiftMs;
    }
  }
);

const channel = new BroadcastChannel("shift-clock");
channel.addEventListener("message", (event) => {
  shiftMs = Number("data" in event ? event.data : 0);
});
channel.unref();
