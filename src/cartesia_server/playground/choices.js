/** What the page offers to choose from, beside the voices, which the server lists. */

/** Models that differ here: value and name. */
export const MODELS = [
  ["sonic-2", "sonic-2"],
  ["sonic-turbo", "sonic-turbo, starts soonest"],
];

/** One emotion of each family that the local voices have, and the strong form of three. */
export const EMOTIONS = [
  "neutral",
  "happy",
  "excited",
  "surprised",
  "curious",
  "confident",
  "calm",
  "sad",
  "scared",
  "angry",
  "outraged",
];

/** Languages that live speech is told apart in. */
export const TOLD_APART = ["en", "es", "fr", "hi", "ja"];

/** Languages to name for what is heard. */
export const HEARD = [
  "en",
  "ar",
  "de",
  "es",
  "fr",
  "hi",
  "it",
  "ja",
  "ko",
  "nl",
  "pl",
  "pt",
  "ru",
  "tr",
  "uk",
  "zh",
];

/** Languages that clones are made for; they speak the others as well. */
export const CLONED = ["en-US", "en-GB", "es", "fr", "hi", "it", "ja", "pt-BR", "zh"];

/** What a voice says of itself, by its language. */
export const SAMPLES = {
  en: "Hello! You can type anything here, and I will read it to you while you watch the words go by.",
  es: "¡Hola! Escribe aquí lo que quieras, y te lo leeré mientras ves pasar las palabras.",
  fr: "Bonjour ! Écrivez ici ce que vous voulez, et je vous le lirai pendant que les mots défilent.",
  hi: "नमस्ते! यहाँ कुछ भी लिखिए, और उसे सुनिए।",
  it: "Ciao! Scrivi qui quello che vuoi, e te lo leggerò mentre guardi scorrere le parole.",
  ja: "こんにちは。ここに書いたことを、声に出して読みます。",
  pt: "Olá! Escreva aqui o que quiser, e eu leio para você enquanto as palavras passam.",
  zh: "你好！在这里输入任何文字，我都会读给你听。",
  de: "Hallo! Schreiben Sie hier, was Sie möchten, und ich lese es Ihnen vor.",
};
