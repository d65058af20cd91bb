// A run's progress, pushed by the server: a bar, who has played, what happened, what it cost.
const connections = new WeakMap();
const RESTING = ["paused", "interrupted", "finished", "failed"];
const COUNTED = [
  ["sent", "message", "messages"],
  ["replied", "reply", "replies"],
  ["goal_reached", "goal reached", "goals reached"],
  ["opted_out", "opted out", "opted out"],
];

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const now = connections.get(parentElement);
  if (now && now.url === data.url) {
    now.rest = setTriggerValue;
    return now.close;
  }
  if (now) now.close();
  const connection = { url: data.url, rest: setTriggerValue, tries: 0 };
  connection.close = () => {
    clearTimeout(connection.timer);
    if (connection.source) connection.source.close();
    connections.delete(parentElement);
  };
  connections.set(parentElement, connection);
  draw(parentElement, data.progress);
  connect(parentElement, connection);
  return connection.close;
}

function connect(root, connection) {
  const source = new EventSource(connection.url);
  connection.source = source;
  const hear = (event) => {
    connection.tries = 0;
    const progress = JSON.parse(event.data);
    draw(root, progress);
    if (!RESTING.includes(progress.status)) return;
    source.close();
    tell(connection, progress.status);
  };
  source.onmessage = hear;
  for (const name of ["progress", "rest"]) source.addEventListener(name, hear);
  source.onerror = () => {
    root.querySelector(".left").textContent = "connecting again…";
    if (source.readyState !== EventSource.CLOSED) return;
    const wait = Math.min(10000, 500 * 2 ** connection.tries++);
    connection.timer = setTimeout(() => connect(root, connection), wait);
  };
}

// Says that the run rests, again and again until the page has taken this away: a page that is
// busy when it is told first may not hear it.
function tell(connection, status) {
  connection.rest("rested", status);
  connection.timer = setTimeout(() => tell(connection, status), 1500);
}

function draw(root, progress) {
  const { done, contacts } = progress;
  const share = contacts ? done / contacts : 0;
  root.querySelector(".bar").style.width = `${100 * share}%`;
  const track = root.querySelector(".track");
  track.setAttribute("aria-valuenow", Math.round(100 * share));
  track.setAttribute("aria-valuetext", `${done} of ${contacts} people`);
  root.querySelector(".done").textContent = `${number(done)} of ${number(contacts)} people`;
  root.querySelector(".left").textContent = left(progress);
  root.querySelector(".counts").textContent = COUNTED.filter(([kind]) => progress.counts?.[kind])
    .map(([kind, one, many]) => {
      const count = progress.counts[kind];
      return `${number(count)} ${count === 1 ? one : many}`;
    })
    .join(" · ");
  drawMoney(root.querySelector(".money"), progress.spending, progress.budget_usd);
}

// What a language model was asked so far and what it cost; ochre from four fifths of the budget on.
function drawMoney(place, spending, budget) {
  if (!spending) {
    place.textContent = "";
    return;
  }
  const sum = document.createElement("b");
  sum.textContent = money(spending.cost_usd) + (budget ? ` of ${money(budget)}` : "");
  const calls = spending.fresh + spending.failed;
  const words = [`${number(calls)} ${calls === 1 ? "call" : "calls"}`];
  if (spending.cached) words.push(`${number(spending.cached)} from the cache`);
  if (spending.failed) words.push(`${number(spending.failed)} without an answer`);
  if (spending.unpriced) words.push(`${number(spending.unpriced)} without a known price`);
  place.replaceChildren(sum, ` · ${words.join(" · ")}`);
  place.classList.toggle("near", Boolean(budget) && spending.cost_usd >= 0.8 * budget);
}

function left(progress) {
  if (RESTING.includes(progress.status)) return progress.status;
  if (progress.contacts && progress.done >= progress.contacts) return "playing the flow’s tests";
  const seconds = progress.seconds_left;
  if (seconds === null || seconds === undefined) return "starting";
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds))} s left`;
  return `about ${Math.round(seconds / 60)} min left`;
}

// Two digits that say something, as the rest of the pages writes sums.
function money(usd) {
  const places = usd > 1e-9 ? Math.max(2, 1 - Math.floor(Math.log10(usd))) : 2;
  const options = { minimumFractionDigits: 2, maximumFractionDigits: Math.min(places, 12) };
  return `$${usd.toLocaleString("en", options)}`;
}

function number(value) {
  return value.toLocaleString("en");
}
