"""An invented corpus: three pages on two videos, an article, and the helpers that write and change such files."""

from __future__ import annotations

from pathlib import Path

BEES, LIGHTS = "beesAAAAAA1", "lightsBBBB2"


def anchor(time: str) -> str:
    """A timestamp as the wiki's pages write it."""
    return f'<a class="yt-timestamp" data-t="{time}">[{time}]</a>'


def page(title: str, body: str, video: str = BEES, **front: str) -> str:
    """A wiki page with front matter."""
    lines = [f"title: {title}", *([f"videoId: {video}"] if video else []), *(f"{k}: {v}" for k, v in front.items())]
    return "\n".join(["---", *lines, "---", "", body, ""])


PAGES = {
    "bees.md": page(
        "How bees find flowers",
        f"""From: [[hivetalks]] <br/>

Bees steer by the sun and remember [[flower_meadows | meadows]] for days {anchor("00:00:40")}. A scout that comes home
dances the way to the nectar {anchor("00:02:05")}.

## The waggle dance

The angle of the dance is the angle to the sun {anchor("00:03:10")}. Its length is the distance {anchor("00:03:31")}.

## Life with [[winter_clusters | winter clusters]]

Bees do not sleep through the winter; they shiver to keep the queen warm {anchor("00:06:00")}.

## Quick Takes

* **Overhyped**: Honey as medicine {anchor("00:08:00")}
* **Underhyped**: Solitary bees, which nobody counts {anchor("00:08:04")}
""",
        guest="Ada Keeper",
        duration='"10:00"',
    ),
    "queens.md": page(
        "Queen bees",
        f"""From: [[hivetalks]] <br/>

A queen lays two thousand eggs a day in spring {anchor("00:05:00")}. She is shivered warm through the winter
{anchor("00:06:02")}. See [[How bees find flowers]] and [[the moon landing]].

## Rapid fire round

* **Underhyped**: Solitary bees {anchor("00:08:04")}
* **Biggest surprise**: Queens sing {anchor("00:09:00")}
""",
        guest="Ada Keeper",
    ),
    "lights.md": page(
        "Lighthouses",
        f"""From: [[coastcast]] <br/>

A Fresnel lens bends light into a beam that reaches the horizon {anchor("00:01:00")}.

## Keepers

The last keepers left when [[automation]] came {anchor("00:04:00")}. Bees nested in the empty towers
{anchor("00:05:00")}.

## Quick Takes

* **Overhyped**: Foghorns {anchor("00:07:00")}
""",
        LIGHTS,
        guest="Bo Lamp",
    ),
    "tides.md": "# Why tides turn\n\nThe moon pulls the water, and the sun helps twice a month.\n\n- Spring tides\n",
}


def write_corpus(folder: Path, files: dict[str, str] | None = None) -> Path:
    """Write files by name; the invented corpus without any."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (PAGES if files is None else files).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def many_pages(count: int) -> dict[str, str]:
    """So many pages, three to a video, each linking to the next."""
    return {
        f"p{number:04}.md": page(
            f"Topic {number}",
            f"Words of topic {number} stand here {anchor('00:01:00')}. Next is [[topic_{number + 1}]].",
            f"video{number // 3:06}",
        )
        for number in range(count)
    }
