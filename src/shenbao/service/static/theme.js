// Runs before the page is drawn, so that it never flashes in the other colours.
const THEMES = ["auto", "light", "dark"];
const NAMES = { auto: "自动", light: "浅色", dark: "深色" };

function theme() {
  const kept = localStorage.getItem("shenbao.theme");
  return THEMES.includes(kept) ? kept : "auto";
}

function applyTheme() {
  document.documentElement.dataset.theme = theme();
  const button = document.getElementById("theme");
  if (button) button.textContent = `配色：${NAMES[theme()]}`;
}

function switchTheme() {
  localStorage.setItem("shenbao.theme", THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
  applyTheme();
}

applyTheme();
document.addEventListener("DOMContentLoaded", () => {
  applyTheme();
  document.getElementById("theme").addEventListener("click", switchTheme);
});
