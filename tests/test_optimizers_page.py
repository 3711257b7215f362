"""docs/optimizers.md is what tools/optimizers_table.py writes, and has every optimizer of ``nn``."""

import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parent.parent / "tools" / "optimizers_table.py"


def test_the_tables_are_current():
    done = subprocess.run([sys.executable, str(TOOL), "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
