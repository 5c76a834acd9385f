namespace Adjoint.NN;

/// <summary>
/// A search along a direction for a point where the strong Wolfe conditions hold: first steps grow until a bracket has such a point, then the
/// bracket shrinks,
/// both by cubic interpolation (Nocedal and Wright, "Numerical Optimization", 2006, algorithms 3.5 and 3.6, with the safeguards of Schmidt's
/// minFunc).
/// </summary>
/// <param name="evaluate">The loss, its gradient, and its slope along the direction at a distance.</param>
/// <param name="size">The largest element of the direction.</param>
internal sealed class WolfeSearch(Func<double, (double Loss, Tensor Gradient, double Slope)> evaluate, double size)
{
    private const double Decrease = 1e-4;
    private const double Curvature = 0.9;
    private const double SmallestChange = 1e-9;
    private const int MostSteps = 25;

    private int _steps;
    private bool _isDone;

    /// <summary>How often the loss was evaluated.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Searches from a first distance.</summary>
    /// <returns>The loss, the gradient and the distance.</returns>
    public (double Loss, Tensor Gradient, double Length) Run(double length, double loss, Tensor gradient, double slope)
    {
        var origin = new Point(0, loss, gradient, slope);
        var (first, second) = Bracket(origin, length);
        var (low, high) = first.Loss <= second.Loss ? (first, second) : (second, first);
        var isFirstLow = first.Loss <= second.Loss;
        var wasClose = false;
        while (!_isDone && _steps < MostSteps && Math.Abs(second.Length - first.Length) * size >= SmallestChange)
        {
            var next = At(Inside(first, second, ref wasClose));
            _steps++;
            if (next.Loss > loss + (Decrease * next.Length * slope) || next.Loss >= low.Loss)
            {
                (first, second) = isFirstLow ? (first, next) : (next, second);
                isFirstLow = first.Loss <= second.Loss;
            }
            else
            {
                if (Math.Abs(next.Slope) <= -Curvature * slope)
                {
                    _isDone = true;
                }
                else if (next.Slope * (high.Length - low.Length) >= 0)
                {
                    high = low;
                }

                (first, second) = isFirstLow ? (next, high) : (high, next);
            }

            (low, high) = isFirstLow ? (first, second) : (second, first);
        }

        return (low.Loss, low.Gradient, low.Length);
    }

    /// <summary>Two points between which the conditions hold somewhere, or twice the one where they hold.</summary>
    private (Point First, Point Second) Bracket(Point origin, double length)
    {
        var (last, next) = (origin, At(length));
        while (_steps < MostSteps)
        {
            if (next.Loss > origin.Loss + (Decrease * next.Length * origin.Slope) || (_steps > 1 && next.Loss >= last.Loss))
            {
                return (last, next);
            }

            if (Math.Abs(next.Slope) <= -Curvature * origin.Slope)
            {
                _isDone = true;
                return (next, next);
            }

            if (next.Slope >= 0)
            {
                return (last, next);
            }

            var further = Cubic(last, next, next.Length + (0.01 * (next.Length - last.Length)), next.Length * 10);
            (last, next) = (next, At(further));
            _steps++;
        }

        return (origin, next);
    }

    /// <summary>A distance within a bracket, not too near to its ends twice in a row.</summary>
    private static double Inside(Point first, Point second, ref bool wasClose)
    {
        var (least, most) = (Math.Min(first.Length, second.Length), Math.Max(first.Length, second.Length));
        var length = Cubic(first, second, least, most);
        var margin = 0.1 * (most - least);
        if (Math.Min(most - length, length - least) >= margin)
        {
            wasClose = false;
        }
        else if (wasClose || length >= most || length <= least)
        {
            length = Math.Abs(length - most) < Math.Abs(length - least) ? most - margin : least + margin;
            wasClose = false;
        }
        else
        {
            wasClose = true;
        }

        return length;
    }

    /// <summary>Where the cubic through two points with their slopes is least, within limits.</summary>
    private static double Cubic(Point x, Point y, double least, double most)
    {
        var d1 = x.Slope + y.Slope - (3 * (x.Loss - y.Loss) / (x.Length - y.Length));
        var square = (d1 * d1) - (x.Slope * y.Slope);
        if (!(square >= 0))
        {
            return (least + most) / 2;
        }

        var d2 = Math.Sqrt(square);
        var place = x.Length <= y.Length
            ? y.Length - ((y.Length - x.Length) * ((y.Slope + d2 - d1) / (y.Slope - x.Slope + (2 * d2))))
            : x.Length - ((x.Length - y.Length) * ((x.Slope + d2 - d1) / (x.Slope - y.Slope + (2 * d2))));
        return Math.Min(Math.Max(place, least), most);
    }

    private Point At(double length)
    {
        Evaluations++;
        var (loss, gradient, slope) = evaluate(length);
        return new Point(length, loss, gradient, slope);
    }

    private readonly record struct Point(double Length, double Loss, Tensor Gradient, double Slope);
}
