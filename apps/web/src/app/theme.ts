import { createSystem, defaultBaseConfig, defineConfig } from "@chakra-ui/react";
import {
  animationStyles,
  badgeRecipe,
  breakpoints,
  buttonRecipe,
  checkboxSlotRecipe,
  checkmarkRecipe,
  cssVarsPrefix,
  cssVarsRoot,
  dialogSlotRecipe,
  drawerSlotRecipe,
  fieldSlotRecipe,
  globalCss,
  headingRecipe,
  iconRecipe,
  inputAddonRecipe,
  inputRecipe,
  keyframes,
  layerStyles,
  linkRecipe,
  menuSlotRecipe,
  nativeSelectSlotRecipe,
  numberInputSlotRecipe,
  popoverSlotRecipe,
  semanticTokens,
  separatorRecipe,
  skeletonRecipe,
  spinnerRecipe,
  textareaRecipe,
  textStyles,
  toastSlotRecipe,
  tokens,
  tooltipSlotRecipe,
} from "@chakra-ui/react/theme";

/** Chakra's own theme with the components that we use: the whole of it would double the first load's share. */
const chakraTheme = defineConfig({
  preflight: true,
  cssVarsPrefix,
  cssVarsRoot,
  globalCss,
  theme: {
    breakpoints,
    keyframes,
    tokens,
    semanticTokens,
    textStyles,
    layerStyles,
    animationStyles,
    recipes: {
      badge: badgeRecipe,
      button: buttonRecipe,
      checkmark: checkmarkRecipe,
      heading: headingRecipe,
      icon: iconRecipe,
      input: inputRecipe,
      inputAddon: inputAddonRecipe,
      link: linkRecipe,
      separator: separatorRecipe,
      skeleton: skeletonRecipe,
      spinner: spinnerRecipe,
      textarea: textareaRecipe,
    },
    slotRecipes: {
      checkbox: checkboxSlotRecipe,
      dialog: dialogSlotRecipe,
      drawer: drawerSlotRecipe,
      field: fieldSlotRecipe,
      menu: menuSlotRecipe,
      nativeSelect: nativeSelectSlotRecipe,
      numberInput: numberInputSlotRecipe,
      popover: popoverSlotRecipe,
      toast: toastSlotRecipe,
      tooltip: tooltipSlotRecipe,
    },
  },
});

const onPhone = "@media (max-width: 479px)";
const belowTablet = "@media (max-width: 767px)";
const forFingers = "@media (max-width: 767px), (pointer: coarse)";
/** Chakra lets a drawer come in half a second; nothing of ours takes longer than 200 ms. */
const brief = {
  _open: { animationDuration: "calm" },
  _closed: { animationDuration: "quick" },
};

const both = (light: string, dark: string) => ({ value: { _light: light, _dark: dark } });

/**
 * The look. Every pair of text and background here reaches 4.5:1.
 *
 * `bg`, `bg.subtle`, `bg.muted`, `bg.panel`, `fg`, `fg.muted`, `fg.subtle`, `border` as Chakra
 * names them; `hairline`; `scrim` behind dialogs; `accent` (also a colorPalette: `accent.solid`, `.contrast`, `.fg`,
 * `.muted`, `.subtle`, `.emphasized`, `.focusRing`); `sidebar.bg|hover|selected|selectedFg`;
 * `bubble.in|inFg|out|outFg|outMuted|sms|pending|failed|failedFg|note`;
 * `status.ok|warn|error` for text. `layerStyle="sidebar"` is a pane of the navigation, tinted
 * and not blurred: nothing lies behind it, and a blur is reckoned anew with every change on the page.
 */
const config = defineConfig({
  globalCss: {
    "html, body, #root": { height: "100%" },
    ":root": {
      "--toast-left": "84px",
      "--toast-bottom": "1rem",
      [belowTablet]: {
        "--toast-left": "1rem",
        "--toast-bottom": "calc(6.5rem + env(safe-area-inset-bottom))",
      },
    },
    // Above what is done with the selected rows, and above the field where no list is beside it.
    ":root:has(.lc-bulk)": {
      "--toast-bottom": "4.75rem",
      [belowTablet]: { "--toast-bottom": "calc(8rem + env(safe-area-inset-bottom))" },
    },
    ":root:has(.lc[data-list-collapsed])": {
      "--toast-bottom": "calc(6.5rem + env(safe-area-inset-bottom))",
    },
    body: {
      bg: "bg",
      color: "fg",
      fontSize: "14px",
      lineHeight: "1.43",
      overscrollBehavior: "none",
    },
    "input:placeholder-shown": { textOverflow: "ellipsis" },
    "::selection": { bg: "accent.emphasized" },
    // A phone zooms into a field whose letters are smaller, and stays there.
    "input, textarea, select": { [forFingers]: { fontSize: "16px !important" } },
    // The browser's own ring is one pixel wide in places.
    ":where(:focus-visible)": {
      outline: "2px solid",
      outlineColor: "accent.focusRing",
      outlineOffset: "2px",
    },
    "*, *::before, *::after": {
      _motionReduce: {
        animationDuration: "0.01ms !important",
        animationIterationCount: "1 !important",
        // None at all: however short, one would hold back every height and place by a frame.
        transition: "none !important",
        scrollBehavior: "auto !important",
      },
    },
  },
  theme: {
    tokens: {
      fonts: {
        heading: {
          value:
            '-apple-system, BlinkMacSystemFont, "SF Pro Display", "SF Pro Text", Inter, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif, "Noto Color Emoji"',
        },
        body: {
          value:
            '-apple-system, BlinkMacSystemFont, "SF Pro Text", Inter, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif, "Noto Color Emoji"',
        },
        mono: { value: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace' },
      },
      radii: { bubble: { value: "18px" }, panel: { value: "14px" } },
      durations: { quick: { value: "120ms" }, calm: { value: "180ms" } },
    },
    recipes: {
      // Chakra fades a button under the pointer, and white on it then falls below 4.5:1.
      button: {
        variants: {
          variant: {
            solid: {
              _hover: { bg: "colorPalette.solid", filter: "brightness(0.93)" },
              _expanded: { bg: "colorPalette.solid", filter: "brightness(0.93)" },
            },
          },
        },
      },
      // The edge is all that shows where a field is, so it reaches 3:1.
      input: { variants: { variant: { outline: { borderColor: "border.emphasized" } } } },
      textarea: { variants: { variant: { outline: { borderColor: "border.emphasized" } } } },
    },
    slotRecipes: {
      dialog: {
        slots: dialogSlotRecipe.slots ?? [],
        base: {
          closeTrigger: { [forFingers]: { minWidth: "44px", minHeight: "44px" } },
          backdrop: { bg: "scrim", ...brief },
          // A sheet from the lower edge on a phone; a question stays a card in the middle.
          positioner: {
            [onPhone]: {
              "&:has(> [role=dialog])": { alignItems: "flex-end", padding: "0 !important" },
            },
          },
          content: {
            boxShadow: "panel",
            borderWidth: "1px",
            borderColor: "hairline",
            ...brief,
            [onPhone]: {
              "&[role=dialog]": {
                maxWidth: "none !important",
                maxHeight: "calc(100dvh - 12px)",
                margin: "0",
                overflowY: "auto",
                overscrollBehavior: "contain",
                borderWidth: "1px 0 0",
                borderRadius: "18px 18px 0 0 !important",
                paddingBottom: "env(safe-area-inset-bottom)",
                _open: { animationName: "slide-from-bottom, fade-in" },
                _closed: { animationName: "slide-to-bottom, fade-out" },
              },
            },
          },
        },
      },
      drawer: {
        slots: drawerSlotRecipe.slots ?? [],
        base: {
          backdrop: { bg: "scrim", ...brief },
          content: { boxShadow: "panel", ...brief },
        },
        // Wide enough for the details, and a strip of the page stays to tap on.
        variants: { size: { xs: { content: { maxW: "min(22rem, 100vw - 2.5rem)" } } } },
      },
      nativeSelect: {
        slots: nativeSelectSlotRecipe.slots ?? [],
        variants: { variant: { outline: { field: { borderColor: "border.emphasized" } } } },
      },
      toast: {
        slots: toastSlotRecipe.slots ?? [],
        base: {
          root: {
            gap: "2.5",
            py: "3",
            ps: "3.5",
            pe: "8",
            borderWidth: "1px",
            borderColor: "hairline",
            borderRadius: "l3",
            boxShadow: "panel",
            transition: "translate 200ms, scale 200ms, opacity 160ms",
            _closed: { transition: "translate 160ms, scale 160ms, opacity 120ms" },
            // The sign says what kind it is; a coloured plate would shout over the conversation.
            "&[data-type=success], &[data-type=warning], &[data-type=error]": {
              bg: "bg.panel",
              color: "fg",
              "--toast-trigger-bg": "colors.bg.muted",
              "--toast-border-color": "colors.border",
            },
          },
          indicator: {
            "[data-type=success] &": { color: "status.ok" },
            "[data-type=warning] &": { color: "status.warn" },
            "[data-type=error] &": { color: "status.error" },
          },
          description: { color: "fg.muted", opacity: "1" },
          actionTrigger: { color: "accent.fg", fontWeight: "semibold" },
        },
      },
      menu: {
        slots: menuSlotRecipe.slots ?? [],
        base: {
          content: { boxShadow: "panel", borderWidth: "1px", borderColor: "hairline" },
          separator: { bg: "hairline", mx: "2" },
          item: { [forFingers]: { minHeight: "44px" } },
        },
      },
    },
    semanticTokens: {
      radii: { l1: { value: "6px" }, l2: { value: "10px" }, l3: { value: "14px" } },
      colors: {
        bg: {
          DEFAULT: both("#ffffff", "#1c1c1e"),
          subtle: both("#f7f7f9", "#222225"),
          muted: both("#f0f0f3", "#2c2c2f"),
          emphasized: both("#e3e3e8", "#3a3a3d"),
          panel: both("#ffffff", "#27272a"),
        },
        fg: {
          DEFAULT: both("#1d1d1f", "#f5f5f7"),
          muted: both("#5f5f65", "#aeaeb4"),
          subtle: both("#66666c", "#a1a1a8"),
          error: both("#b3201a", "#ff8078"),
          warning: both("#8a4b00", "#f5b342"),
          success: both("#17692f", "#5fd27c"),
        },
        border: {
          DEFAULT: both("#d9d9de", "#3d3d41"),
          muted: both("#e6e6ea", "#333337"),
          subtle: both("#eeeef1", "#2c2c2f"),
          emphasized: both("#8e8e94", "#7c7c82"),
        },
        scrim: both("rgba(0, 0, 0, 0.32)", "rgba(0, 0, 0, 0.56)"),
        hairline: both("rgba(0, 0, 0, 0.1)", "rgba(255, 255, 255, 0.12)"),
        gray: {
          subtle: both("#f0f0f3", "#343438"),
          muted: both("#e3e3e8", "#45454a"),
          emphasized: both("#d2d2d8", "#55555b"),
          border: both("#d9d9de", "#4a4a4f"),
          // One colour says where the focus is, whatever has it.
          focusRing: both("#0a6cff", "#3b8cff"),
        },
        accent: {
          DEFAULT: both("#0a6cff", "#3b8cff"),
          solid: both("#0a6cff", "#0a6cff"),
          contrast: both("#ffffff", "#ffffff"),
          fg: both("#0058d6", "#6fadff"),
          muted: both("#d6e6ff", "#16376b"),
          subtle: both("#eaf2ff", "#142a4d"),
          emphasized: both("#b5d2ff", "#1f4c91"),
          focusRing: both("#0a6cff", "#3b8cff"),
          border: both("#b5d2ff", "#1f4c91"),
        },
        sidebar: {
          bg: both("rgba(246, 246, 248, 0.78)", "rgba(38, 38, 41, 0.72)"),
          hover: both("rgba(0, 0, 0, 0.045)", "rgba(255, 255, 255, 0.06)"),
          selected: both("#0a6cff", "#0a6cff"),
          selectedFg: both("#ffffff", "#ffffff"),
        },
        bubble: {
          in: both("#e9e9eb", "#3a3a3d"),
          inFg: both("#1d1d1f", "#f5f5f7"),
          out: both("#0a6cff", "#0a6cff"),
          outFg: both("#ffffff", "#ffffff"),
          outMuted: both("#ffffff", "#ffffff"),
          sms: both("#1f7a38", "#1f7a38"),
          pending: both("#2f6fd0", "#2a62b8"),
          failed: both("#fde8e7", "#4a2220"),
          failedFg: both("#8f1a15", "#ffb4ae"),
          note: both("#fff4cf", "#453a17"),
        },
        status: {
          ok: both("#17692f", "#5fd27c"),
          warn: both("#8a4b00", "#f5b342"),
          error: both("#b3201a", "#ff8078"),
        },
      },
      shadows: {
        panel: both(
          "0 1px 2px rgba(0,0,0,.04), 0 12px 40px rgba(0,0,0,.08)",
          "0 1px 2px rgba(0,0,0,.3), 0 12px 40px rgba(0,0,0,.4)",
        ),
      },
    },
    layerStyles: {
      sidebar: {
        value: { bg: "sidebar.bg" },
      },
      card: {
        value: {
          bg: "bg.panel",
          borderWidth: "1px",
          borderColor: "hairline",
          borderRadius: "panel",
        },
      },
    },
  },
});

/** Chakra with our tokens: give it to `ChakraProvider`. */
export const system = createSystem(defaultBaseConfig, chakraTheme, config);
