// Colours and spaces close to Teams' light and dark themes; each text colour has a contrast of 4.5 or more.

const both = (normal, subtle) => ({ default: normal, subtle });

function container(backgroundColor, text) {
  return {
    backgroundColor,
    foregroundColors: {
      default: both(text.normal, text.subtle),
      accent: both(text.accent, text.accent),
      attention: both(text.attention, text.attention),
      good: both(text.good, text.good),
      warning: both(text.warning, text.warning),
      dark: both(text.normal, text.subtle),
      light: both(text.normal, text.subtle),
    },
  };
}

function config(plain, emphasis, text) {
  return {
    supportsInteractivity: true,
    fontTypes: {
      default: {
        fontFamily: "system-ui, 'Segoe UI', sans-serif",
        fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
        fontWeights: { lighter: 300, default: 400, bolder: 600 },
      },
      monospace: {
        fontFamily: "ui-monospace, Consolas, monospace",
        fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
        fontWeights: { lighter: 300, default: 400, bolder: 600 },
      },
    },
    spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: text.line },
    containerStyles: {
      default: container(plain, text),
      emphasis: container(emphasis, text),
      accent: container(emphasis, text),
      good: container(emphasis, text),
      attention: container(emphasis, text),
      warning: container(emphasis, text),
    },
    actions: {
      maxActions: 6,
      spacing: "default",
      buttonSpacing: 8,
      actionsOrientation: "horizontal",
      actionAlignment: "left",
      showCard: { actionMode: "inline", inlineTopMargin: 8, style: "emphasis" },
    },
    adaptiveCard: { allowCustomStyle: false },
    inputs: {
      label: {
        inputSpacing: 4,
        requiredInputs: { suffix: " *", suffixColor: "attention", weight: "bolder" },
        optionalInputs: { weight: "bolder" },
      },
      errorMessage: { color: "attention", size: "small", weight: "default" },
    },
    factSet: {
      title: { weight: "bolder", wrap: true, maxWidth: 150 },
      value: { wrap: true },
      spacing: 8,
    },
  };
}

export const hostConfigs = {
  light: config("#ffffff", "#f5f5f5", {
    normal: "#242424",
    subtle: "#616161",
    accent: "#4f52b2",
    attention: "#b10e1c",
    good: "#0b6a0b",
    warning: "#8a3707",
    line: "#e0e0e0",
  }),
  dark: config("#292929", "#1f1f1f", {
    normal: "#ffffff",
    subtle: "#d6d6d6",
    accent: "#aab0ff",
    attention: "#ff9aa0",
    good: "#8fd18f",
    warning: "#f5b87a",
    line: "#525252",
  }),
};
