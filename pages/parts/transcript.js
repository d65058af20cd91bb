// Shows HTML that was made and escaped in Python; a click, or Enter, says which turn it was on.
export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector("#talk")
  if (!root) return
  if (root.shown !== data.html) {
    root.innerHTML = data.html
    root.shown = data.html
    root.querySelector(".here")?.scrollIntoView({ block: "center" })
  }
  for (const turn of root.querySelectorAll("[data-seq]")) {
    turn.classList.toggle("chosen", Number(turn.dataset.seq) === data.chosen)
  }
  const choose = (event) => {
    const turn = event.target.closest(".turn[data-seq]")
    if (!turn || event.target.closest("summary")) return
    for (const other of root.querySelectorAll(".chosen")) other.classList.remove("chosen")
    turn.classList.add("chosen")
    setStateValue("seq", Number(turn.dataset.seq))
  }
  root.onclick = choose
  root.onkeydown = (event) => {
    if (event.key === "Enter") choose(event)
  }
}
