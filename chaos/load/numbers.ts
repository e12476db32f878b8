/** Phone numbers that no other test of the file uses: the prefix and four digits. */
export function createContactNumbers(prefix: string): { next(): string } {
  let last = 1000;
  return {
    next: () => {
      last += 1;
      return `${prefix}${last}`;
    },
  };
}
