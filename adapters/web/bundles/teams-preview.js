// Shows an Adaptive Card with Microsoft's own renderer and tells what the renderer thought of it.
import { AdaptiveCard, GlobalRegistry, HostConfig, SerializationContext, Table, Version, Versions } from "adaptivecards";
import { hostConfigs } from "./host-configs.js";
import { html } from "./markdown.js";

AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = html(text);
  result.didProcess = true;
};

// The package calls itself free of side effects, so a bundle leaves out the table unless it is named.
GlobalRegistry.defaultElements.register("Table", Table, Versions.v1_5);

export { hostConfigs };

function said(event) {
  return { phase: String(event.phase), event: String(event.event), message: event.message };
}

function pressed(action) {
  return {
    type: action.getJsonTypeName(),
    title: action.title ?? "",
    verb: action.verb ?? null,
    data: action.data ?? null,
    url: action.url ?? null,
  };
}

/**
 * Draws a card into an element, replacing what was there.
 *
 * @param {Element} element
 * @param {object} card
 * @param {object} [hostConfig] hostConfigs.light unless given
 * @param {{onAction?: (pressed: {type: string, title: string, verb: string | null, data: object | null,
 *   url: string | null}) => void}} options data holds the action's own data and every input, as Teams would send them
 * @returns {{events: {phase: string, event: string, message: string}[], drawn: boolean}} what parsing and validating
 *   found wrong: an empty list means nothing
 */
export function render(element, card, hostConfig = hostConfigs.light, { onAction = () => {} } = {}) {
  const adaptive = new AdaptiveCard();
  adaptive.version = new Version(1, 5);
  adaptive.hostConfig = new HostConfig(hostConfig);
  adaptive.onExecuteAction = (action) => onAction(pressed(action));
  adaptive.onAnchorClicked = () => true; // a preview leads nowhere
  const context = new SerializationContext(new Version(1, 5));
  adaptive.parse(card, context);
  const events = [];
  for (let i = 0; i < context.eventCount; i++) events.push(said(context.getEventAt(i)));
  const drawn = adaptive.render();
  events.push(...adaptive.validateProperties().validationEvents.map(said));
  element.replaceChildren(...(drawn ? [drawn] : []));
  return { events, drawn: Boolean(drawn) };
}
