/** Where a contact's merge is asked for: a place in the address, so that any page can open it. */
export const mergeParams = { contact: "merge", other: "with", duplicates: "duplicates" } as const;
