/**
 * Every text of the staff app. Another language is an object of the type `Messages`; a key that it
 * lacks is a compile error. Texts with parts are functions, so that each language orders them.
 */
export const en = {
  product: "Countersign",
  home: {
    title: "Home",
  },
};

export type Messages = typeof en;
