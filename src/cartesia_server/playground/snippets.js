/** Programs that do what the page does, from its settings. Pure: text from values. */

/**
 * @typedef {Record<"Python" | "curl" | "JavaScript", string>} Snippets
 * @typedef {{base: string, keyed: boolean}} Place address of the server, without a slash at its end;
 *     whether it asks for a key
 */

const WAV = { container: "wav", encoding: "pcm_s16le", sample_rate: 24000 };

/**
 * Text to speech.
 * @param {Place} place
 * @param {object} message model, transcript, voice and, where it matters, `generation_config`
 * @returns {Snippets}
 */
export function speechSnippets(place, message) {
  const body = { ...message, output_format: WAV };
  const fields = Object.entries(body).map(([name, value]) => `    ${name}=${python(value)},\n`);
  return {
    Python: `${client(place)}
speech = client.tts.bytes(
${fields.join("")})
speech.write_to_file("speech.wav")
`,
    curl: `curl ${place.base}/tts/bytes${curlKey(place)} \\
  --json ${shell(JSON.stringify(body, null, 2))} \\
  --output speech.wav
`,
    JavaScript: `const answer = await fetch("${place.base}/tts/bytes", {
  method: "POST",
  headers: { "Content-Type": "application/json"${fetchKey(place)} },
  body: JSON.stringify(${indented(JSON.stringify(body, null, 2))}),
});
if (!answer.ok) throw new Error(await answer.text());
new Audio(URL.createObjectURL(await answer.blob())).play();
`,
  };
}

/**
 * Live speech to turns (Python), and a recording to text.
 * @param {Place} place
 * @param {string} language tag; empty to have it found out, which files are not: they are English
 * @returns {Snippets}
 */
export function listeningSnippets(place, language) {
  const named = language ? `, language=${python(language)}` : "";
  return {
    Python: `# The microphone comes with the extra "audio" of the package
import asyncio
${place.keyed ? "# The key comes from the environment: CARTESIA_API_KEY\n" : ""}
from cartesia import AsyncCartesia
from cartesia.helpers.microphone import Microphone


async def main() -> None:
    async with (
        AsyncCartesia(base_url="${place.base}") as client,
        client.stt.turns(sample_rate=16000${named}) as ears,
    ):
        async for event in ears.listen(Microphone(sample_rate=16000)):
            print(event.type, getattr(event, "transcript", ""))


asyncio.run(main())
`,
    curl: `curl ${place.base}/stt${curlKey(place)} \\
  --form file=@recording.wav \\
  --form model=ink-whisper \\
  --form language=${language || "en"} \\
  --form 'timestamp_granularities[]=word'
`,
    JavaScript: `const form = new FormData();
form.append("file", recording); // a File or a Blob
form.append("model", "ink-whisper");
form.append("language", "${language || "en"}");
form.append("timestamp_granularities[]", "word");
const answer = await fetch("${place.base}/stt", {
  method: "POST",${place.keyed ? `\n  headers: { ${fetchKey(place).slice(2)} },` : ""}
  body: form,
});
const { text, words } = await answer.json();
`,
  };
}

/**
 * A clip to a voice.
 * @param {Place} place
 * @param {{name: string, language: string, enhance: boolean}} clone
 * @returns {Snippets}
 */
export function cloningSnippets(place, { name, language, enhance }) {
  return {
    Python: `${client(place)}
with open("clip.wav", "rb") as clip:
    voice = client.voices.clone(
        clip=clip,
        name=${python(name)},
        language=${python(language)},
        mode="similarity",
        enhance=${python(enhance)},
    )
print(voice.id)
`,
    curl: `curl ${place.base}/voices/clone${curlKey(place)} \\
  --form clip=@clip.wav \\
  --form-string ${shell(`name=${name}`)} \\
  --form language=${language} \\
  --form enhance=${enhance}
`,
    JavaScript: `const form = new FormData();
form.append("clip", clip); // a File or a Blob
form.append("name", ${JSON.stringify(name)});
form.append("language", "${language}");
form.append("enhance", "${enhance}");
const answer = await fetch("${place.base}/voices/clone", {
  method: "POST",${place.keyed ? `\n  headers: { ${fetchKey(place).slice(2)} },` : ""}
  body: form,
});
const voice = await answer.json();
`,
  };
}

const client = ({ base, keyed }) => `from cartesia import Cartesia

${keyed ? "# The key comes from the environment: CARTESIA_API_KEY\n" : ""}client = Cartesia(base_url="${base}")
`;

const curlKey = ({ keyed }) => (keyed ? ' \\\n  --header "X-API-Key: $CARTESIA_API_KEY"' : "");

// In a page, a token of POST /access-token belongs here instead of a key.
const fetchKey = ({ keyed }) => (keyed ? ', "X-API-Key": process.env.CARTESIA_API_KEY' : "");

/** A value as Python writes it. Its text literals understand all that JSON's do. */
function python(value) {
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([name, field]) => `${JSON.stringify(name)}: ${python(field)}`,
  );
  return `{${fields.join(", ")}}`;
}

/** A text as one word of a POSIX shell. */
const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;

const indented = (text) => text.replaceAll("\n", "\n  ");
