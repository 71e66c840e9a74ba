// The root type of ../../schemas/slack-manifest.schema.json.
// The published scope and event lists lag behind what Slack grants, so scopes and events are checked as words.
export type { Manifest } from "../node_modules/@slack/web-api/dist/types/request/manifest.js";
