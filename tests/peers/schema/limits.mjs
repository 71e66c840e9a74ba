// Turns the limits that vendors write into their types' comments ("Maximum length is 75 characters") into JSON Schema.

const LENGTH = /max(?:imum)?\.? length[^.]{0,80}?([\d,]+)\s*char/is;
const COUNT = /max(?:imum)?(?: number of (?:items|options|option groups) is| of)?\s+(\d+)/i;

const number = (match) => Number(match[1].replaceAll(",", ""));

function withTextLength(property, most) {
  const limited = { properties: { text: { maxLength: most } } };
  return { allOf: [{ $ref: property.$ref }, limited] };
}

function limitedLength(property, said) {
  const match = said.match(LENGTH);
  if (!match) return property;
  if (property.type === "string") return { ...property, maxLength: number(match) };
  if (property.$ref) return withTextLength(property, number(match));
  if (property.type === "array" && property.items.$ref) {
    return { ...property, items: withTextLength(property.items, number(match)) };
  }
  return property;
}

function limitedCount(property, said) {
  if (property.type !== "array") return property;
  const match = said.replace(LENGTH, "").match(COUNT);
  return match ? { ...property, maxItems: number(match) } : property;
}

/** The same schema with limits added and every description dropped. */
export function limited(node) {
  if (Array.isArray(node)) return node.map(limited);
  if (node === null || typeof node !== "object") return node;
  const result = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === "description" && typeof value === "string") continue;
    result[key] = key === "properties" ? limitedProperties(value) : limited(value);
  }
  return result;
}

function limitedProperties(properties) {
  const result = {};
  for (const [name, property] of Object.entries(properties)) {
    const said = typeof property.description === "string" ? property.description.replaceAll("\n", " ") : "";
    result[name] = limitedCount(limitedLength(limited(property), said), said);
  }
  return result;
}
