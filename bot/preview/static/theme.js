// Light or dark as chosen last, before anything is drawn. Without a choice the system's setting holds.
"use strict";
{
  const KEY = "cuepoint-theme";
  const root = document.documentElement;
  const chosen = localStorage.getItem(KEY);
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  window.addEventListener("DOMContentLoaded", () => {
    document.getElementById("theme").addEventListener("click", () => {
      const shown = root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
      root.dataset.theme = shown === "dark" ? "light" : "dark";
      localStorage.setItem(KEY, root.dataset.theme);
    });
  });
}
