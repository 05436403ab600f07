"""Made-up tables of the form of timm's, about the tiny models, and ways in which a table can be bad."""

from __future__ import annotations

from pathlib import Path

from generator.results.gathering import File

ACCURACY = "results-imagenet.csv"
SPEED = "benchmark-infer-amp-nchw-pt291-cu128-4090.csv"
TRAINING = "benchmark-train-amp-nhwc-pt112-cu113-rtx3090.csv"
OWN = "lab.csv"

# Tables by their names. Two rows of the first are about the same weights at two sizes; its last has no weights in timm.
TABLES = {
    ACCURACY: """\
model,img_size,top1,top1_err,top5,top5_err,param_count,crop_pct,interpolation
tiny_conv.r160_in1k,32,80.858,19.142,95.434,4.566,"1,013.01",0.875,bicubic
tiny_conv.r160_in1k,40,81.5,18.5,95.6,4.4,"1,013.01",1.000,bicubic
tiny_vit.in1k,32,70.123,29.877,89.5,10.5,0.36,0.900,bilinear
tiny_vit.of_another_timm,32,70.123,29.877,89.5,10.5,0.36,0.900,bilinear
""",
    "results-imagenet-a.csv": """\
model,img_size,top1,top1_err,top5,top5_err,param_count,crop_pct,interpolation,top1_diff,top5_diff,rank_diff
tiny_conv.r160_in1k,32,8.6,91.4,17.36,82.64,"1,013.01",0.875,bicubic,,,
""",
    "results-imagenet-a-clean.csv": "model,img_size\n",
    SPEED: """\
model,infer_img_size,infer_samples_per_sec,infer_step_time,infer_batch_size,param_count,infer_gmacs,infer_macts
tiny_vit,32,"299,257.15",3.401,1024.0,0.37,0.04,0.48
tiny_conv,32,194812.41,5.235,512,25.56,4.1,11.11
tiny_mixed,32,,,,1.0,,
tiny_old,32,10.5,95.2,1,1.0,0.1,0.1
tiny_strange,32,10.5,95.2,1,1.0,0.1,0.1
""",
    TRAINING: """\
model,train_samples_per_sec,train_step_time,train_batch_size,train_img_size,param_count
tiny_conv,10001.12,50.423,512,32,25.56
""",
}
OWN_TABLE = """\
model,tag,image_size,test_set,top1,our column
tiny_conv,r160_in1k,32,our-birds,91.25,anything
tiny_vit,in1k,32,imagenet-val,70.5,
"""


def file(name: str, content: str | bytes, version: str = "c0ffee") -> File:
    """A table as it would be found."""
    return File(Path(name), content if isinstance(content, bytes) else content.encode(), version)


def write_tables(folder: Path, tables: dict[str, str] | None = None) -> Path:
    """Write the tables to a folder, beside a file that is none."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "README.md").write_text("Not a table.\n")
    for name, content in (TABLES if tables is None else tables).items():
        (folder / name).write_text(content)
    return folder
