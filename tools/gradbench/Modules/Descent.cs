namespace Adjoint.GradBench.Modules;

/// <summary>
/// The gradient descent of GradBench's nested evaluations: steps of eta, from 1e-5 on, that doubles after ten steps which went down and is halved
/// after one that did not; it ends when the gradient or a step is at most 1e-5 long. What decides are numbers; the points are tensors, so that
/// descents differentiate each other.
/// </summary>
public static class Descent
{
    private const double Small = 1e-5;

    /// <summary>Where a function is least, from a start.</summary>
    public static Tensor ArgMin(Func<Tensor, Tensor> function, Func<Tensor, Tensor> gradient, Tensor start)
    {
        var (x, value, slope) = (start, function(start), gradient(start));
        var (eta, steps) = (1e-5, 0);
        while (Length(slope) > Small)
        {
            if (steps == 10)
            {
                (eta, steps) = (2 * eta, 0);
                continue;
            }

            var next = x - (eta * slope);
            if (Length(x - next) <= Small)
            {
                break;
            }

            var lower = function(next);
            if (lower.Item() < value.Item())
            {
                (x, value, slope) = (next, lower, gradient(next));
                steps++;
            }
            else
            {
                (eta, steps) = (eta / 2, 0);
            }
        }

        return x;
    }

    /// <summary>Where a function is greatest, from a start.</summary>
    public static Tensor ArgMax(Func<Tensor, Tensor> function, Func<Tensor, Tensor> gradient, Tensor start) =>
        ArgMin(x => -function(x), x => -gradient(x), start);

    private static double Length(Tensor x)
    {
        var sum = 0.0;
        foreach (var element in x.Unbind())
        {
            sum += element.Item() * element.Item();
        }

        return Math.Sqrt(sum);
    }
}
