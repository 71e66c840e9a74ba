// Adaptive Card 1.5 as JSON Schema, read from the property tables of Microsoft's own renderer.
//
// Each element class of adaptivecards 3.0.6 lists its properties with their type, allowed values and the version that
// brought them. What the tables do not tell (which lists hold elements, which properties must be there) stands below.
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const VERSION = [1, 5];
const TEXT = { type: "string" };
const LIST = (ref) => ({ type: "array", items: { $ref: `#/definitions/${ref}` } });
const REF = (ref) => ({ $ref: `#/definitions/${ref}` });

const HELD = {
  AdaptiveCard: {
    $schema: TEXT,
    version: { type: "string", pattern: "^1\\.[0-5]$" },
    body: LIST("Element"),
    actions: LIST("Action"),
    backgroundImage: { anyOf: [TEXT, REF("BackgroundImage")] },
    selectAction: REF("Action"),
    minHeight: TEXT,
    msteams: { type: "object" },
    metadata: { type: "object" },
  },
  Container: { items: LIST("Element"), backgroundImage: { anyOf: [TEXT, REF("BackgroundImage")] } },
  Column: { items: LIST("Element"), backgroundImage: { anyOf: [TEXT, REF("BackgroundImage")] }, width: {} },
  ColumnSet: { columns: LIST("Column") },
  ImageSet: { images: LIST("Image") },
  ActionSet: { actions: LIST("Action") },
  RichTextBlock: { inlines: { type: "array", items: { anyOf: [TEXT, REF("TextRun")] } } },
  Table: { columns: LIST("TableColumnDefinition"), rows: LIST("TableRow") },
  TableRow: { cells: LIST("TableCell") },
  TableCell: { items: LIST("Element"), backgroundImage: { anyOf: [TEXT, REF("BackgroundImage")] } },
  "Action.ShowCard": { card: REF("AdaptiveCard") },
  "Action.Submit": { data: {} },
  "Action.Execute": { data: {}, verb: TEXT },
  "Action.ToggleVisibility": { targetElements: { type: "array" } },
};

const REQUIRED = {
  AdaptiveCard: ["type", "version"],
  TextBlock: ["type", "text"],
  Image: ["type", "url"],
  Media: ["type", "sources"],
  MediaSource: ["url"],
  RichTextBlock: ["type", "inlines"],
  TextRun: ["type", "text"],
  Container: ["type", "items"],
  ColumnSet: ["type"],
  FactSet: ["type", "facts"],
  Fact: ["title", "value"],
  ImageSet: ["type", "images"],
  ActionSet: ["type", "actions"],
  "Action.OpenUrl": ["type", "url"],
  "Action.ToggleVisibility": ["type", "targetElements"],
  "Input.ChoiceSet": ["type", "id"],
  Choice: ["title", "value"],
  "Input.Toggle": ["type", "id", "title"],
  "Input.Text": ["type", "id"],
  "Input.Number": ["type", "id"],
  "Input.Date": ["type", "id"],
  "Input.Time": ["type", "id"],
};

function library() {
  const bundle = buildSync({
    stdin: { contents: 'export * from "adaptivecards";', resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    keepNames: true,
    mainFields: ["module", "main"],
  });
  return import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].contents).toString("base64")}`);
}

const known = (version) => !version || version.major < VERSION[0] || version.minor <= VERSION[1];

/** Vendors' own samples write both ExtraLarge and extraLarge; the renderer reads either. */
function oneOf(words) {
  const small = words.map((word) => word[0].toLowerCase() + word.slice(1));
  return { enum: [...new Set([...small, ...words])] };
}

class Reader {
  constructor(cards) {
    this.cards = cards;
    this.definitions = {};
  }

  value(property) {
    const { cards } = this;
    if (property instanceof cards.BoolProperty) return { type: "boolean" };
    if (property instanceof cards.NumProperty) return { type: "number" };
    if (property instanceof cards.PixelSizeProperty) return { anyOf: [TEXT, { type: "number" }] };
    if (property instanceof cards.StringArrayProperty) return { type: "array", items: TEXT };
    if (property instanceof cards.StringProperty) return TEXT;
    if (property instanceof cards.EnumProperty) return oneOf(this.enumerated(property));
    if (property instanceof cards.ValueSetProperty) return oneOf(this.allowed(property.values));
    if (property instanceof cards.SerializableObjectProperty) return this.object(property.objectType);
    if (property instanceof cards.SerializableObjectCollectionProperty) {
      return { type: "array", items: this.object(property.objectType) };
    }
    return property.name.endsWith("Action") || property.name === "action" ? REF("Action") : {};
  }

  allowed(values) {
    return values.filter((entry) => known(entry.targetVersion)).map((entry) => String(entry.value));
  }

  enumerated(property) {
    if (!property.values) return Object.values(property.enumType).filter((word) => typeof word === "string");
    return this.allowed(property.values.map((v) => ({ ...v, value: property.enumType[v.value] })));
  }

  object(type) {
    const name = type.name;
    if (!(name in this.definitions)) {
      this.definitions[name] = {};
      this.definitions[name] = this.shape(new type(), name, false);
    }
    return REF(name);
  }

  shape(instance, name, typed) {
    const properties = typed ? { type: { const: name }, fallback: REF("Fallback") } : {};
    const table = instance.getSchema();
    for (let i = 0; i < table.getCount(); i++) {
      const property = table.getItemAt(i);
      if (known(property.targetVersion) && !(property.name in properties)) {
        properties[property.name] = this.value(property);
      }
    }
    Object.assign(properties, HELD[name]);
    const open = table.getCount() === 0;
    const required = REQUIRED[name] ?? (typed ? ["type"] : []);
    return { type: "object", properties, required, ...(open ? {} : { additionalProperties: false }) };
  }

  registered(registry) {
    const names = [];
    for (let i = 0; i < registry.getItemCount(); i++) {
      const { typeName, objectType, schemaVersion } = registry.getItemAt(i);
      if (!known(schemaVersion)) continue;
      this.definitions[typeName] = this.shape(new objectType(), typeName, true);
      names.push(typeName);
    }
    return names;
  }
}

/** An element newer than 1.5 passes only with a fallback: that is what an older client shows. */
function choice(names) {
  const byType = names.map((name) => ({
    if: { properties: { type: { const: name } }, required: ["type"] },
    then: REF(name),
  }));
  const newer = {
    if: { properties: { type: { enum: names } }, required: ["type"] },
    else: { properties: { fallback: REF("Fallback") }, required: ["type", "fallback"] },
  };
  return { type: "object", properties: { type: TEXT }, required: ["type"], allOf: [...byType, newer] };
}

export async function card() {
  const cards = await library();
  const reader = new Reader(cards);
  const elements = reader.registered(cards.GlobalRegistry.defaultElements);
  const actions = reader.registered(cards.GlobalRegistry.defaultActions);
  const parts = { Column: cards.Column, TableCell: cards.TableCell, TableRow: cards.TableRow, TextRun: cards.TextRun };
  for (const [name, type] of Object.entries(parts)) {
    reader.definitions[name] = reader.shape(new type(), name, true);
    reader.definitions[name].required = name === "TextRun" ? ["type", "text"] : [];
  }
  reader.object(cards.TableColumnDefinition);
  reader.object(cards.BackgroundImage);
  reader.definitions.AdaptiveCard = reader.shape(new cards.AdaptiveCard(), "AdaptiveCard", true);
  reader.definitions.Element = choice(elements);
  reader.definitions.Action = choice(actions);
  reader.definitions.Fallback = { anyOf: [{ const: "drop" }, REF("Element"), REF("Action")] };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $comment: "From the property tables of adaptivecards 3.0.6 (MIT); see README.md",
    $ref: "#/definitions/AdaptiveCard",
    definitions: Object.fromEntries(Object.entries(reader.definitions).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
