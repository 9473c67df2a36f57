// cartesia-js 4.2 in Node. Its sockets for speech need TLS, so it is given the https address.
// Prints one JSON line for each check, as checks.py does.

const { default: Cartesia, toFile } = require('@cartesia/cartesia-js');

const baseURL = process.env.CARTESIA_CHECK_URL;
const apiKey = process.env.CARTESIA_CHECK_KEY;
const WARM = '694f9389-aac1-45b6-b726-9d9369183238';
const BRITISH = '6ccbfb76-1fc6-48f7-b71d-91ac6298247b';
const TEXT = 'The quick brown fox jumps over the lazy dog.';
const RAW = { container: 'raw', encoding: 'pcm_s16le', sample_rate: 16000 };
const WAV = { ...RAW, container: 'wav' };
const VOICE = { mode: 'id', id: WARM };

const client = new Cartesia({ apiKey, baseURL });
const request = (changes = {}) => ({
  model_id: 'sonic-3',
  transcript: TEXT,
  voice: VOICE,
  output_format: RAW,
  ...changes,
});

function assert(condition, ...told) {
  if (!condition) throw new Error(`check failed: ${told.map((one) => JSON.stringify(one)).join(' ')}`);
}

const body = async (response) => Buffer.from(await response.arrayBuffer());
const words = (text) => text.toLowerCase().replace(/[.,!?]/g, '').split(/\s+/);

function said(text) {
  const heard = new Set(words(text));
  const wanted = words(TEXT);
  return wanted.filter((word) => heard.has(word)).length >= 0.75 * wanted.length;
}

function seconds(samples) {
  assert(samples.length % 2 === 0 && samples.some((byte) => byte), samples.length);
  return samples.length / 2 / 16000;
}

let wav;
async function speech() {
  wav ??= await body(await client.tts.generate(request({ output_format: WAV })));
  return wav;
}

async function needs(path) {
  const described = await (await fetch(`${baseURL}/openapi.json`)).json();
  if (!described.paths[path]) throw Object.assign(new Error(`the server has no ${path}`), { skip: true });
}

async function refused(call, status, ...told) {
  try {
    await call();
  } catch (error) {
    assert(error.status === status, error.status, error.message);
    for (const one of told) assert(error.message.includes(one), error.message);
    return;
  }
  throw new Error('no error');
}

async function received(context) {
  const got = { kinds: [], words: [], audio: [], ids: new Set() };
  for await (const event of context.receive()) {
    got.kinds.push(event.type);
    if (event.type === 'chunk') got.audio.push(event.audio ?? Buffer.from(event.data, 'base64'));
    if (event.type === 'chunk' || event.type === 'flush_done') got.ids.add(event.flush_id);
    if (event.type === 'timestamps') got.words.push(...event.word_timestamps.words);
  }
  got.audio = Buffer.concat(got.audio);
  return got;
}

async function heard(stt, commands, isLast, audio) {
  const events = [];
  const ended = new Promise((resolve, reject) => {
    stt.on('event', (event) => {
      events.push(event);
      if (isLast(event)) resolve();
    });
    stt.on('error', reject);
    stt.on('close', resolve);
  });
  for (let at = 0; at < audio.length; at += 3200) stt.sendRaw(audio.subarray(at, at + 3200));
  for (const command of commands) stt.send(command);
  await ended;
  stt.close();
  return events;
}

const checks = {
  async status() {
    assert((await client.getStatus()).ok);
  },

  async token() {
    const { token } = await client.accessToken.create({ grants: { tts: true }, expires_in: 60 });
    const browser = new Cartesia({ token, apiKey: null, baseURL });
    assert(seconds(await body(await browser.tts.generate(request()))) > 1);
    await refused(() => browser.voices.get(WARM), 403, 'token');
  },

  async generate() {
    const file = await speech();
    assert(file.subarray(0, 4).toString() === 'RIFF');
    assert(seconds(await body(await client.tts.generate(request({ voice: WARM, locale: 'en-GB' })))) > 1);
    const mp3 = { container: 'mp3', sample_rate: 44100, bit_rate: 128000 };
    assert((await body(await client.tts.generate(request({ output_format: mp3 }))))[0] === 0xff);
  },

  async sse() {
    const kinds = new Set();
    const told = [];
    for await (const event of await client.tts.generateSSE(request({ add_timestamps: true }))) {
      kinds.add(event.type);
      if (event.type === 'timestamps') told.push(...event.word_timestamps.words);
    }
    assert([...kinds].sort().join() === 'chunk,done,timestamps', [...kinds]);
    assert(told.join(' ') === TEXT, told);
  },

  async socket_contexts() {
    const ws = await client.tts.websocket();
    const context = ws.context({ model_id: 'sonic-3', voice: VOICE, output_format: RAW, add_timestamps: true });
    await context.push({ transcript: 'The quick brown fox ' });
    await context.push({ transcript: 'jumps over the lazy dog.' });
    await context.no_more_inputs();
    const got = await received(context);
    assert(got.words.join(' ') === TEXT, got.words);
    assert(seconds(got.audio) > 1);
    assert(got.kinds.at(-1) === 'done', got.kinds);
    const whole = [];
    for await (const event of ws.generate(request())) whole.push(event.type);
    assert(whole.includes('chunk'), whole);
    ws.close();
  },

  async socket_flush_and_cancel() {
    const ws = await client.tts.websocket();
    const settings = { model_id: 'sonic-3', voice: VOICE, output_format: RAW, max_buffer_delay_ms: 0 };
    const context = ws.context(settings);
    await context.push({ transcript: 'The quick brown fox.' });
    await context.flush();
    await context.push({ transcript: 'The lazy dog.' });
    await context.no_more_inputs();
    const got = await received(context);
    assert([...got.ids].sort().join() === '1,2', [...got.ids]);
    assert(got.kinds.includes('flush_done'), got.kinds);
    const long = ws.context(settings);
    await long.push({ transcript: Array(20).fill(TEXT).join(' ') });
    for await (const event of long.receive()) {
      if (event.type === 'chunk') {
        await long.cancel();
        break;
      }
    }
    const other = ws.context(settings);
    await other.push({ transcript: TEXT });
    await other.no_more_inputs();
    assert(seconds((await received(other)).audio) > 1);
    ws.close();
  },

  async socket_errors() {
    const ws = await client.tts.websocket();
    ws.on('error', () => {});
    const context = ws.context({ model_id: 'sonic-99', voice: VOICE, output_format: RAW });
    await context.push({ transcript: TEXT });
    try {
      await received(context);
    } catch (error) {
      assert(error.message.includes('model_id'), error.message);
      return;
    } finally {
      ws.close();
    }
    throw new Error('no error');
  },

  async transcribe() {
    const answer = await client.stt.transcribe({
      file: await toFile(await speech(), 'speech.wav'),
      model: 'ink-whisper',
      language: 'en',
      timestamp_granularities: ['word'],
    });
    assert(said(answer.text), answer.text);
    assert(answer.words.length > 5, answer.words);
  },

  async hearing() {
    const audio = (await speech()).subarray(44);
    const options = { model: 'ink-2', encoding: 'pcm_s16le', sample_rate: 16000, keyterm: ['lazy dog'] };
    const stt = await client.stt.manualFinalize.websocket(options);
    const events = await heard(stt, ['finalize', 'close'], (event) => event.type === 'done', audio);
    const finals = events.filter((event) => event.type === 'transcript' && event.is_final);
    assert(said(finals.map((event) => event.text).join('')), finals);
    assert(events.some((event) => event.type === 'flush_done'));
  },

  async turns() {
    await needs('/stt/turns/websocket');
    const audio = Buffer.concat([(await speech()).subarray(44), Buffer.alloc(3 * 32000)]);
    const options = { model: 'ink-2', encoding: 'pcm_s16le', sample_rate: 16000 };
    const stt = await client.stt.autoFinalize.websocket(options);
    const events = await heard(stt, [{ type: 'close' }], (event) => event.type === 'turn.end', audio);
    const kinds = events.map((event) => event.type).filter((kind) => kind !== 'turn.update');
    assert(kinds.join(' ') === 'connected turn.start turn.eager_end turn.end', kinds);
    assert(said(events.at(-1).transcript), events.at(-1));
  },

  async voices() {
    const ids = [];
    for await (const voice of client.voices.list({ limit: 10 })) ids.push(voice.id);
    assert(ids.length > 20 && new Set(ids).size === ids.length, ids.length);
    const voice = await client.voices.get(BRITISH);
    assert(voice.access === 'public' && voice.visibility === 'all' && voice.tagline, voice);
    assert(voice.locales[0].locale === 'en-GB', voice.locales);
    const { accents } = await client.voices.listAccents();
    assert(accents.some((accent) => accent.id === 'british'), accents);
  },

  async own_voices() {
    const long = await body(
      await client.tts.generate(request({ transcript: Array(3).fill(TEXT).join(' '), output_format: WAV })),
    );
    const clip = await toFile(long, 'clip.wav');
    const made = await client.voices.clone({ clip, name: 'Clone', language: 'en' });
    assert((await client.voices.update(made.id, { gender: null })).name === 'Clone');
    assert((await client.voices.update(made.id, { accent: 'british' })).accent === 'british');
    const added = await client.voices.addAccents(made.id, { accents: ['castilian'] });
    assert(added.locales.length === 2, added.locales);
    const left = await client.voices.deleteAccent('castilian', { id: made.id });
    assert(left.locales.length === 1, left.locales);
    const local = await client.voices.localize({ voice_id: made.id, name: 'Abroad', accent: 'castilian' });
    assert(local.language === 'es', local);
    await client.voices.delete(local.id);
    await client.voices.delete(made.id);
  },

  async errors() {
    await refused(() => client.tts.generate(request({ model_id: 'sonic-99' })), 400, 'model_id');
    await refused(() => client.tts.generate(request({ transcript: '...' })), 400, 'punctuation');
    await refused(() => client.voices.get('nobody'), 404);
    await refused(() => client.datasets.list(), 501, 'this server');
    await refused(() => new Cartesia({ apiKey: 'wrong', baseURL }).voices.get(WARM), 401);
  },

  async infill() {
    await needs('/infill/bytes');
    const left_audio = await toFile(await speech(), 'left.wav');
    const response = await client.tts.infill({
      left_audio,
      model_id: 'sonic-2',
      language: 'en',
      transcript: 'and then it rests',
      voice_id: WARM,
      output_format: WAV,
    });
    assert((await body(response)).subarray(0, 4).toString() === 'RIFF');
  },

  async voice_changer() {
    await needs('/voice-changer/sse');
    const form = {
      'voice[id]': BRITISH,
      'output_format[container]': 'raw',
      'output_format[encoding]': 'pcm_s16le',
      'output_format[sample_rate]': 16000,
    };
    const clip = await toFile(await speech(), 'clip.wav');
    assert(seconds(await body(await client.voiceChanger.generate({ clip, ...form }))) > 1);
    let last;
    for await (const event of await client.voiceChanger.generateSSE({ clip, ...form })) last = event;
    assert(last.done, last);
  },
};

async function within(promise, milliseconds) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('it took too long')), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function main() {
  let failed = false;
  for (const [name, check] of Object.entries(checks)) {
    if (process.argv.length > 2 && !process.argv.includes(name)) continue;
    const result = { check: name, ok: true, note: '' };
    try {
      await within(check(), 120_000);
    } catch (error) {
      if (error.skip) result.note = `skipped: ${error.message}`;
      else {
        Object.assign(result, { ok: false, note: String(error.stack) });
        failed = true;
      }
    }
    console.log(JSON.stringify(result));
  }
  process.exit(failed ? 1 : 0);
}

main();
