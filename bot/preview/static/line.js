// A command as one line of text and back, for links and for what is pasted: `/name first option` or `/name option: value`.

/** What a line asks for: {command, values}, or null where it names no command. The longest name wins. */
export function parse(line, commands) {
  const text = line.trim();
  const fits = (command) => text === `/${command.name}` || text.startsWith(`/${command.name} `);
  const command = commands.filter(fits).sort((one, other) => other.name.length - one.name.length)[0];
  if (!command) return null;
  const rest = text.slice(command.name.length + 1).trim();
  return { command, values: named(rest, command) ?? unnamed(rest, command) };
}

/** The line for a command with values by option name. */
export function format(command, values) {
  const given = command.options.filter((option) => ["string", "boolean"].includes(typeof values[option.name]));
  const first = firstText(command);
  if (given.length === 1 && given[0] === first) return `/${command.name} ${values[first.name]}`;
  return [`/${command.name}`, ...given.map((option) => `${option.name}: ${values[option.name]}`)].join(" ");
}

/** The option that words without a name belong to. */
export function firstText(command) {
  return command.options.find((option) => option.type === "text");
}

function named(rest, command) {
  const places = [];
  for (const option of command.options) {
    const mark = `${option.name}:`;
    for (let at = rest.indexOf(mark); at >= 0; at = rest.indexOf(mark, at + 1)) {
      if (at === 0 || rest[at - 1] === " ") {
        places.push({ option, at, from: at + mark.length });
        break;
      }
    }
  }
  places.sort((one, other) => one.at - other.at);
  if (!places.length || places[0].at !== 0) return null;
  const values = {};
  places.forEach(({ option, from }, index) => {
    const text = rest.slice(from, places[index + 1]?.at).trim();
    if (text) values[option.name] = option.type === "flag" ? text.toLowerCase() === "true" : text;
  });
  return values;
}

function unnamed(rest, command) {
  const first = firstText(command);
  return first && rest ? { [first.name]: rest } : {};
}
