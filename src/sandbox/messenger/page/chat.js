// The chat page. It reads one thread from the sandbox, and reads it again whenever the sandbox says that it changed.
// Whatever people and bots wrote is put on the page as text only (textContent), never as markup.
"use strict";

const $ = (id) => document.getElementById(id);
const EMOJI = [..."😀😂😊😍🤔😅😭😡👍👎🙏👏💪🎉❤🔥✅❌💸💳🏦🧾📈☕"];
const LULL_MS = 15 * 60 * 1000;
const LINES_MAX = 100;
const THUMB = document.querySelector("#send .thumb");

let person = null;
let pageName = "";
let zone = undefined;
let source = null;
let shown = new Map();
let people = [];
let fadeTyping = 0;

/** Makes an element with a class, a text and attributes. */
function make(tag, className, text, attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined && text !== null) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 36 36");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

const initials = (name) => [...name.split(/\s+/).filter(Boolean).map((word) => [...word][0])].slice(0, 2).join("");

async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  };
  const response = await fetch(path, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error || `${path}: ${response.status}`);
  return answer;
}

function notice(text) {
  $("notice").textContent = text;
}

/* ---- the thread ---- */

function avatar(size, name, tone) {
  return make("span", `avatar ${size} ${tone ?? ""}`, initials(name), { "aria-hidden": "true" });
}

const onlyEmoji = (text) => /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f|\s)+$/u.test(text) && [...text].length <= 8;

function newTab(title, href) {
  const link = make("a", "button", title, { href, target: "_blank", rel: "noopener noreferrer" });
  link.append(make("small", "", "↗", { "aria-hidden": "true" }), make("span", "sr", " (opens a new tab)"));
  return link;
}

function buttonOf(button, mid) {
  if (button.kind === "log_in") {
    return newTab(button.title, `/sandbox/messenger/log_in/${encodeURIComponent(mid)}`);
  }
  if (button.kind === "web" && /^https?:\/\//.test(button.url)) {
    return newTab(button.title, button.url);
  }
  if (button.kind === "call") {
    return make("a", "button", button.title, { href: `tel:${button.number.replace(/[^+\d]/g, "")}`, title: button.number });
  }
  const tap = make("button", "button", button.title, { type: "button" });
  tap.addEventListener("click", () => act({ act: "button", mid, title: button.title }));
  return tap;
}

function bubbleOf(item) {
  if (item.sticker) {
    const like = make("div", "bubble like", null, { role: "img", "aria-label": "Thumbs up" });
    like.append(THUMB.cloneNode(true));
    return like;
  }
  if (item.attachment) return make("div", "bubble", `📎 ${item.attachment}`);
  const sent = item.sent;
  if (sent?.image) {
    const picture = make("div", "bubble picture");
    picture.append(make("img", "", null, { src: sent.image, alt: "Picture from the page", loading: "lazy" }));
    picture.firstChild.addEventListener("load", () => toEnd(false));
    return picture;
  }
  const text = sent ? sent.text : item.text;
  if (sent?.buttons.length) {
    const card = make("div", "bubble card");
    card.append(make("p", "", text), ...sent.buttons.map((button) => buttonOf(button, item.mid)));
    return card;
  }
  return make("div", onlyEmoji(text) ? "bubble jumbo" : "bubble", text);
}

function rowOf(item) {
  const row = make("li", "row");
  if (item.from === "page") row.append(avatar("small", pageName));
  const bubble = bubbleOf(item);
  bubble.title = new Date(item.at).toLocaleString([], { timeZone: zone });
  bubble.prepend(make("span", "sr", item.from === "page" ? `${pageName}: ` : "You: "));
  row.append(bubble);
  return row;
}

/** The sandbox's time, on the clock of the person whose thread it is: the bot speaks of the same hours. */
function timeText(at, now) {
  const day = (moment) => new Date(moment).toLocaleDateString("en", { timeZone: zone });
  const clock = { hour: "numeric", minute: "2-digit", timeZone: zone };
  if (day(at) === day(now)) return new Date(at).toLocaleTimeString([], clock);
  return new Date(at).toLocaleString([], { weekday: "short", day: "numeric", month: "short", ...clock });
}

/** Adds what is new and re-reads the grouping; what stands stays, so that a screen reader hears only news. */
function showItems(thread) {
  const log = $("log");
  thread.items.forEach((item, at) => {
    const before = thread.items[at - 1];
    const after = thread.items[at + 1];
    const startsAnew = !before || item.at - before.at > LULL_MS;
    let row = shown.get(item.mid);
    if (!row) {
      if (startsAnew) log.append(make("li", "time", timeText(item.at, thread.now)));
      row = rowOf(item);
      shown.set(item.mid, row);
      log.append(row);
    }
    const first = startsAnew || before.from !== item.from;
    const last = !after || after.from !== item.from || after.at - item.at > LULL_MS;
    row.className = `row ${item.from}${first ? " first" : ""}${last ? " last" : ""}`;
    const bubble = row.querySelector(".bubble");
    bubble.querySelector(".reaction")?.remove();
    if (item.reaction) bubble.append(make("span", "reaction", item.reaction));
  });
}

/** Under the person's last message: on its way, or taken by the bot. Once seen, it goes along with the answer. */
function showMark(thread) {
  $("log").querySelector(".mark")?.remove();
  const mine = thread.items.findLast((item) => item.from === "person");
  if (!mine) return;
  const mark = make("li", "mark", null, { "aria-live": "off" });
  if (thread.seen && thread.seen >= mine.at) {
    mark.append(make("span", "sr", "Seen"), avatar("tiny", pageName));
    mark.title = "Seen";
  } else if (thread.taken && thread.taken >= mine.at) {
    mark.append(make("span", "", "Delivered"), icon("M18 4a14 14 0 1 0 0 28 14 14 0 0 0 0-28Zm8 10.3-9.6 9.600a1.6 1.6 0 0 1-2.3 0L9.9 19.600l2.2-2.2 3.2 3.2 8.4-8.5 2.3 2.200Z"));
  } else {
    mark.append(make("span", "", "Sent"), icon("M18 4a14 14 0 1 0 0 28 14 14 0 0 0 0-28Zm0 25.200a11.2 11.2 0 1 1 0-22.4 11.2 11.2 0 0 1 0 22.400Zm7.3-14.6-9.1 9a1.5 1.5 0 0 1-2.1 0l-3.7-3.7 1.9-1.9 2.9 2.9 8.1-8.1 2 1.800Z"));
  }
  const last = thread.items.at(-1);
  const answered = mark.title === "Seen" && last !== mine;
  mark.classList.toggle("answered", answered);
  shown.get((answered ? last : mine).mid).after(mark);
}

/** Puts buttons into a place, unless they stand there already: a focused one must not be replaced by its twin. */
function offer(place, offers, within) {
  const key = JSON.stringify(offers);
  if (place.dataset.offers === key) return;
  place.dataset.offers = key;
  place.replaceChildren(...offers.map(({ words, input }) => {
    const button = make("button", "", words, { type: "button" });
    button.addEventListener("click", () => act(input));
    if (!within) return button;
    const entry = make(within);
    entry.append(button);
    return entry;
  }));
}

function showChips(thread) {
  const last = thread.items.at(-1);
  const titles = last?.sent?.quick_replies ?? [];
  offer($("chips"), titles.map((title) => ({ words: title, input: { act: "tap", title } })));
  const questions = thread.begun ? [] : thread.ice_breakers ?? [];
  const menu = thread.menu ?? [];
  $("menu-toggle").hidden = menu.length === 0;
  if (menu.length === 0) showMenu(false);
  offer($("menu"), menu.map(({ title, payload }) => ({ words: title, input: { act: "menu", payload, title } })), "li");
  offer($("breakers"), questions.map(({ question, payload }) => ({ words: question, input: { act: "ice_breaker", payload, question } })));
}

function showPage(thread) {
  pageName = thread.page.name;
  document.title = `${pageName} · Messenger sandbox`;
  $("page-name").textContent = pageName;
  $("intro-name").textContent = pageName;
  const first = thread.person.name.split(" ")[0];
  $("greeting").textContent = (thread.greeting ?? "").replaceAll("{{user_first_name}}", first).replaceAll("{{user_full_name}}", thread.person.name);
  for (const element of document.querySelectorAll(".intro .avatar, .top > .avatar, .typing .avatar")) element.textContent = initials(pageName);
  $("start").hidden = thread.begun;
  document.querySelector(".intro").classList.toggle("alone", !thread.begun);
}

function toEnd(always) {
  const scroll = $("scroll");
  const near = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 240;
  if (always || near) scroll.scrollTop = scroll.scrollHeight;
}

let reading = false;
let again = false;

/** Reads the thread; a call while one is under way makes that one read once more. */
async function refresh() {
  if (reading) { again = true; return; }
  reading = true;
  do {
    again = false;
    const whose = person;
    try {
      const thread = await ask(`/sandbox/thread/${encodeURIComponent(whose)}`);
      if (whose !== person) { again = true; continue; }
      show(thread);
    } catch (error) {
      notice(error.message);
    }
  } while (again);
  reading = false;
}

function show(thread) {
  const scroll = $("scroll");
  const wasNear = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 240;
  const count = shown.size;
  showPage(thread);
  showItems(thread);
  showMark(thread);
  showChips(thread);
  $("desk").hidden = !thread.at_desk;
  $("presence").textContent = thread.at_desk ? "A person of the team" : "Active now";
  $("typing").hidden = !thread.typing;
  clearTimeout(fadeTyping);
  if (thread.typing) fadeTyping = setTimeout(refresh, 5000);
  const mine = thread.items.at(-1)?.from === "person";
  if (count === 0 || wasNear || (mine && shown.size > count)) toEnd(true);
}

/* ---- what the person does ---- */

async function act(input) {
  notice("");
  showMenu(false);
  try {
    const done = await ask("/sandbox/messenger/input", { ...input, person });
    if ("status" in done && done.status !== 200) {
      notice(done.status === null ? "The bot did not answer. Messenger tries again." : `The bot's webhook answered ${done.status}. Messenger tries again.`);
    }
  } catch (error) {
    notice(error.message);
  }
  // On a phone that would open the keyboard over the answer.
  if (matchMedia("(pointer: fine)").matches) $("text").focus({ preventScroll: true });
}

async function actAtDesk(input) {
  try {
    await ask("/sandbox/messenger/desk", { ...input, person });
  } catch (error) {
    notice(error.message);
  }
}

function answerAtDesk() {
  const text = $("desk-text").value.trim();
  $("desk-text").value = "";
  if (text) actAtDesk({ act: "say", text });
}

function fitField() {
  const text = $("text");
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 130)}px`;
  const ready = text.value.trim() !== "";
  $("send").classList.toggle("ready", ready);
  $("send").title = ready ? "Send" : "Send a like";
  $("send-label").textContent = $("send").title;
}

function submit() {
  const text = $("text").value.trim();
  $("text").value = "";
  fitField();
  showEmoji(false);
  act(text ? { act: "text", text } : { act: "sticker" });
}

function showEmoji(open) {
  $("emoji").hidden = !open;
  $("emoji-toggle").setAttribute("aria-expanded", String(open));
}

function showMenu(open) {
  $("menu").hidden = !open;
  $("menu-toggle").setAttribute("aria-expanded", String(open));
  if (open) $("menu").querySelector("button")?.focus();
}

/** What stands open over the chat is put away by a click elsewhere, as people expect. */
function putAway(event) {
  const outside = (...ids) => ids.every((id) => !$(id).contains(event.target));
  if (outside("menu", "menu-toggle")) showMenu(false);
  if (outside("emoji", "emoji-toggle")) showEmoji(false);
}

function wireComposer() {
  // A message box that grows, or a phone's keyboard, must not cover the end of the thread.
  new ResizeObserver(() => toEnd(false)).observe($("scroll"));
  $("desk").addEventListener("submit", (event) => { event.preventDefault(); answerAtDesk(); });
$("desk-return").addEventListener("click", () => actAtDesk({ act: "return" }));
$("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  $("text").addEventListener("input", fitField);
  $("text").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if ($("text").value.trim()) submit();
  });
  $("emoji").append(...EMOJI.map((emoji) => {
    const button = make("button", "", emoji, { type: "button" });
    button.addEventListener("click", () => {
      const text = $("text");
      text.setRangeText(emoji, text.selectionStart, text.selectionEnd, "end");
      fitField();
      text.focus();
    });
    return button;
  }));
  $("emoji-toggle").addEventListener("click", () => showEmoji($("emoji").hidden));
  $("menu-toggle").addEventListener("click", () => showMenu($("menu").hidden));
  document.addEventListener("click", putAway);
  $("start").addEventListener("click", () => act({ act: "get_started" }));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (!$("menu").hidden) $("menu-toggle").focus();
    showMenu(false);
    showEmoji(false);
    showPanel(false);
  });
}

/* ---- people ---- */

/** Makes the list of chats; afterwards only its words change, so that a focused or clicked entry stays what it is. */
function makePeople() {
  $("people").replaceChildren(...people.map(({ handle, name }, at) => {
    const button = make("button", "", null, { type: "button" });
    const words = make("span");
    words.append(make("strong", "", name), make("span", "last"));
    button.append(avatar("", name, `tone-${at % 5}`), words);
    button.addEventListener("click", () => become(handle));
    const entry = make("li");
    entry.append(button);
    return entry;
  }));
  $("person").replaceChildren(...people.map(({ handle, name }) => make("option", "", name.split(" ")[0], { value: handle })));
}

function showPeople() {
  people.forEach(({ handle, last }, at) => {
    const entry = $("people").children[at];
    entry.querySelector("button").setAttribute("aria-current", String(handle === person));
    entry.querySelector(".last").textContent = last ?? "Hasn't written yet";
  });
  $("person").value = person;
}

async function readPeople() {
  people = await ask("/sandbox/people");
  if (person !== null) showPeople();
}

function become(handle) {
  if (handle === person) return;
  person = handle;
  zone = people.find((one) => one.handle === handle)?.zone ?? undefined;
  history.replaceState(null, "", `#${encodeURIComponent(handle)}`);
  beSeen();
  shown = new Map();
  $("log").replaceChildren();
  notice("");
  showPeople();
  listen();
  refresh();
}

/** Says who uses this browser: links that lead back into the chat are followed as whoever was looked at last. */
function beSeen() {
  if (person !== null) document.cookie = `sandbox_person=${encodeURIComponent(person)}; path=/sandbox; samesite=lax`;
}

/* ---- behind the scenes ---- */

function showPanel(open) {
  $("panel").classList.toggle("open", open);
  $("panel-toggle").setAttribute("aria-expanded", String(open));
}

const BANK_SWITCHES = [["up", "Up"], ["slow", "Slow (9 s)"], ["down", "Down"], ["rate-limited", "Rate-limited"], ["consent-expired", "Consent expired"]];

/** The banks are another part of the sandbox: without it there is no list. */
async function readBanks() {
  const banks = await ask("/sandbox/banks").catch(() => []);
  // A list that is in use is left alone until the next look.
  if (!Array.isArray(banks) || $("banks").contains(document.activeElement)) return;
  $("banks-section").hidden = banks.length === 0;
  $("banks").replaceChildren(...banks.map(bankRow));
}

function bankRow(bank) {
  const id = `bank-${bank.id}`;
  const present = String(bank.switch ?? "up").split(" ")[0];
  const known = BANK_SWITCHES.some(([value]) => value === present) ? BANK_SWITCHES : [...BANK_SWITCHES, [present, present]];
  const choice = make("select", "", null, { id });
  choice.append(...known.map(([value, words]) => make("option", "", words, { value })));
  choice.value = present;
  choice.addEventListener("change", async () => {
    const set = (body) => ask(`/sandbox/bank/${encodeURIComponent(bank.id)}`, body);
    // A slow bank that is down stays down: what was set before goes first.
    const chosen = choice.value === "slow" ? { switch: "slow", seconds: 9 } : { switch: choice.value };
    await set({ switch: "up" }).then(() => set(chosen)).catch((error) => notice(error.message));
    choice.blur();
    readBanks();
  });
  const row = make("li");
  row.append(make("span", present === "up" ? "lamp" : "lamp off", null, { "aria-hidden": "true" }), make("label", "", bank.name, { for: id }), choice);
  return row;
}

async function readFaults() {
  const faults = await ask("/sandbox/messenger/faults");
  for (const input of document.querySelectorAll("[data-fault]")) input.checked = Boolean(faults[input.dataset.fault]);
  $("fail").textContent = faults.fail_next ? `Fail next send (${faults.fail_next.count})` : "Fail next send";
  $("lose").textContent = faults.lose_answers ? `Lose next answer (${faults.lose_answers})` : "Lose next answer";
}

async function setFaults(patch) {
  await ask("/sandbox/messenger/faults", patch).catch((error) => notice(error.message));
}

function lineOf(line) {
  const row = make("li");
  const arrow = line.way === "in" ? "→" : "←";
  const again = line.try > 1 ? ` (try ${line.try})` : "";
  const whose = line.person ? ` ${line.person}` : "";
  const signed = line.way === "in" && !line.note && !line.what.startsWith("forged") ? " · signed" : "";
  const ended = line.note ?? (line.status ? `${line.status} in ${line.ms} ms` : "no answer");
  row.append(
    make("time", "", new Date(line.at).toLocaleTimeString("en-GB", { timeZone: zone })),
    make("span", "sr", line.way === "in" ? "to the bot" : "from the bot"),
    make("span", "what", `${arrow} ${line.what}${whose}${signed}${again}`),
    make("span", line.status === 200 ? "good" : "bad", ended),
  );
  return row;
}

function showLine(line) {
  const wire = $("wire");
  wire.prepend(lineOf(line));
  while (wire.children.length > LINES_MAX) wire.lastChild.remove();
}

async function readWire() {
  const lines = await ask("/sandbox/messenger/wire");
  $("wire").replaceChildren(...lines.reverse().map(lineOf));
}

function wirePanel() {
  $("panel-toggle").addEventListener("click", () => showPanel(!$("panel").classList.contains("open")));
  $("panel-close").addEventListener("click", () => { showPanel(false); $("panel-toggle").focus(); });
  for (const input of document.querySelectorAll("[data-fault]")) {
    const on = input.dataset.on ? Number(input.dataset.on) : true;
    const off = input.dataset.on ? 0 : false;
    input.addEventListener("change", () => setFaults({ [input.dataset.fault]: input.checked ? on : off }));
  }
  $("fail").addEventListener("click", () => setFaults({ fail_next: { count: 1, code: 1200, is_transient: true } }));
  $("lose").addEventListener("click", () => setFaults({ lose_answers: 1 }));
  $("redeliver").addEventListener("click", () => {
    notice("");
    ask("/sandbox/messenger/redeliver", { person }).catch((error) => notice(error.message));
  });
}

/* ---- news ---- */

function listen() {
  source?.close();
  source = new EventSource(`/sandbox/events?person=${encodeURIComponent(person)}`);
  source.onopen = () => {
    presence(true);
    refresh();
    readWire();
    readFaults();
  };
  source.onerror = () => presence(false);
  source.onmessage = (event) => {
    const news = JSON.parse(event.data);
    if (news.kind === "wire") return showLine(news.line);
    if (news.kind === "faults") return readFaults();
    if (news.kind === "thread" || news.kind === "behind") readPeople().catch((error) => notice(error.message));
    if (news.kind === "thread" && news.person !== person) return undefined;
    return refresh();
  };
}

function presence(active) {
  $("presence").textContent = active ? "Active now" : "Reconnecting…";
  document.querySelector(".top").classList.toggle("off", !active);
}

async function begin() {
  wireComposer();
  wirePanel();
  await readPeople();
  makePeople();
  $("person").addEventListener("change", () => become($("person").value));
  window.addEventListener("focus", beSeen);
  const wanted = decodeURIComponent(location.hash.slice(1));
  const first = people.find(({ handle }) => handle === wanted) ?? people[0];
  if (!first) return notice("Nobody lives in this sandbox.");
  become(first.handle);
  readBanks();
  setInterval(readBanks, 5000);
  return undefined;
}

begin().catch((error) => notice(error.message));
