// Draws the diagrams of a page, if it has any; the library for it is large, so other pages do not load it.
if (document.querySelector("pre.mermaid")) {
  const here = document.currentScript.src;
  const script = document.createElement("script");
  script.src = new URL("mermaid.tiny.js", here).href;
  script.addEventListener("load", () => {
    const isDark = getComputedStyle(document.documentElement).colorScheme === "dark";
    // Large ones are scrolled, as nobody can read them in the width of a column.
    const flowchart = { useMaxWidth: false };
    mermaid.initialize({ startOnLoad: false, theme: isDark ? "dark" : "default", flowchart });
    mermaid.run({ querySelector: "pre.mermaid" });
  });
  document.head.append(script);
}
