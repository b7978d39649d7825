/** Forms that change settings. */
export const settings = {
  unchanged: "Nothing is changed yet",
  notReady: "Something given is wrong, or the same as before",
};
