"""`python -m carecontinuum` is `carecontinuum`."""

from carecontinuum.cli import main

if __name__ == "__main__":
    main()
