"""The entry point of the program: ``timm-atlas`` and ``python -m generator`` run this module.

Worker processes import it too where ``timm-atlas`` has started them, so it does nothing until `run` is called. It
imports nothing before that either, since an interrupt of an import is a traceback until `run` has begun.
"""


def run() -> None:
    """Run the command line and exit."""
    import signal

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # For the first milliseconds an interrupt ends the process without a word.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    import gc

    from generator import process

    process.prepare_streams()
    process.interrupts_end_at_once()
    # The facts of all models are a million small objects. They and the imported modules live until the end, so
    # collecting garbage would take a third of the time and find none.
    gc.disable()
    try:
        from generator.cli import main

        process.interrupts_raise()
        code = main()
    except SystemExit as left:
        # Raised by argparse, after it has printed the help or what is wrong with the call.
        code = left.code if isinstance(left.code, int) else 1
    except KeyboardInterrupt:
        code = process.interrupted()
    process.leave(code)


if __name__ == "__main__":
    run()
