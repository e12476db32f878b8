import { Box, Flex, Text } from "@chakra-ui/react";
import type { ReactNode } from "react";
import { LuBatteryFull, LuSignal, LuWifi } from "react-icons/lu";
import { useClock } from "./use-clock.ts";

/** A phone's body around its screen. */
export function PhoneFrame({ label, children }: { label: string; children: ReactNode }) {
  const time = useClock();
  return (
    <Box
      as="section"
      aria-label={label}
      width="100%"
      maxWidth="380px"
      height={{ base: "min(720px, calc(100dvh - 6rem))", md: "min(780px, calc(100dvh - 5rem))" }}
      minHeight="540px"
      padding="10px"
      borderRadius="56px"
      bg="#0b0b0d"
      boxShadow="0 0 0 1.5px #4b4b50, 0 0 0 4px #1b1b1e, 0 30px 70px rgba(0,0,0,.28)"
    >
      <Flex
        direction="column"
        height="100%"
        borderRadius="46px"
        overflow="hidden"
        bg="bg"
        position="relative"
      >
        <Flex
          aria-hidden
          justify="space-between"
          align="center"
          height="50px"
          paddingX="8"
          flexShrink="0"
          fontWeight="semibold"
          fontSize="15px"
          bg="bg.subtle"
        >
          <Text fontSize="15px" fontVariantNumeric="tabular-nums">
            {time}
          </Text>
          <Flex gap="1.5" align="center">
            <LuSignal size={16} />
            <LuWifi size={16} />
            <LuBatteryFull size={20} />
          </Flex>
        </Flex>
        <Box
          aria-hidden
          position="absolute"
          top="11px"
          left="50%"
          width="104px"
          height="29px"
          transform="translateX(-50%)"
          borderRadius="full"
          bg="#0b0b0d"
        />
        {children}
        <Box
          aria-hidden
          height="5px"
          width="128px"
          borderRadius="full"
          bg="fg"
          alignSelf="center"
          flexShrink="0"
          marginTop="1"
          marginBottom="2"
        />
      </Flex>
    </Box>
  );
}
