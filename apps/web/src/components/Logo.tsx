import { chakra } from "@chakra-ui/react";

/** The mark of the product; says nothing to a screen reader. */
export function Logo({ size = 40 }: { size?: number }) {
  return <chakra.img src="/icon.svg" alt="" width={`${size}px`} height={`${size}px`} />;
}
