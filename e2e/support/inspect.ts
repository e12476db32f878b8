import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Expects that axe finds nothing on the screen as it is, in light and in dark. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expect(page.locator("html")).toHaveClass(new RegExp(colorScheme));
    // A colour that is on its way from one mode to the other has no contrast of its own.
    await page.waitForFunction(
      () => !document.getAnimations().some((each) => each instanceof CSSTransition),
    );
    const { violations } = await new AxeBuilder({ page })
      .options({ runOnly: { type: "tag", values: levels }, resultTypes: ["violations"] })
      // In the page itself: the other mode opens a second one each time, for frames of other sites.
      .setLegacyMode()
      .analyze();
    const faults = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`,
    );
    expect.soft(faults, `${name}, ${colorScheme}, ${page.viewportSize()?.width} px`).toEqual([]);
  }
}
