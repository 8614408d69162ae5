/**
 * Every text of the portal. Another language is an object of the type `Messages`; a key that it
 * lacks is a compile error. Texts with parts are functions, so that each language orders them.
 */
export const en = {
  product: "Insured portal",
  home: {
    title: "Home",
  },
};

export type Messages = typeof en;
