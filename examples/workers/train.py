"""A training that takes no time: the distance of x from 0.3, squared."""
import sys

x = float(sys.argv[1]) if len(sys.argv) > 1 else 0.5
print('hpo-result {"loss": %r}' % (x - 0.3) ** 2)
