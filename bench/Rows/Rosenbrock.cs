namespace Adjoint.Bench.Rows;

/// <summary>What is asked of the Rosenbrock function.</summary>
public enum SecondOrder
{
    /// <summary>The dense matrix of second derivatives.</summary>
    Hessian,

    /// <summary>That matrix times a vector, without the matrix.</summary>
    Product,
}

/// <summary>Second derivatives of the Rosenbrock function, sum of 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2, float64.</summary>
[Row("hessian-rosenbrock-100", 100, SecondOrder.Hessian)]
[Row("hvp-rosenbrock-1000", 1000, SecondOrder.Product)]
public sealed class Rosenbrock : Row
{
    private readonly Func<Tensor, Tensor> _hessian = Transform.Hessian(Value);
    private readonly Tensor _x;
    private readonly Tensor _v;

    public Rosenbrock(int size, SecondOrder asked)
    {
        Asked = asked;
        X = [.. Enumerable.Range(0, size).Select(i => Math.Sin(i))];
        V = [.. Enumerable.Range(0, size).Select(i => Math.Cos(3 * i))];
        (_x, _v) = (Tensor.FromArray(X), Tensor.FromArray(V));
    }

    /// <summary>What is measured.</summary>
    public SecondOrder Asked { get; }

    /// <summary>The point.</summary>
    public double[] X { get; }

    /// <summary>The vector.</summary>
    public double[] V { get; }

    public override string Unit => "ms";

    public override void Ours()
    {
        if (Asked == SecondOrder.Hessian)
        {
            _hessian(_x);
        }
        else
        {
            Transform.Hvp<Tensor>(Value, _x, _v);
        }
    }

    public override double[][] Results() => Asked == SecondOrder.Hessian
        ? [_hessian(_x).ToArray<double>()]
        : [Transform.Hvp<Tensor>(Value, _x, _v).Product.ToArray<double>()];

    public override double Tolerance => 1e-12;

    /// <summary>The closed form of the tridiagonal matrix.</summary>
    public override double[][] Expected()
    {
        var n = X.Length;
        var hessian = new double[n * n];
        for (var i = 0; i < n - 1; i++)
        {
            hessian[(i * n) + i] += (1200 * X[i] * X[i]) - (400 * X[i + 1]) + 2;
            hessian[((i + 1) * n) + i + 1] += 200;
            hessian[(i * n) + i + 1] = hessian[((i + 1) * n) + i] = -400 * X[i];
        }

        return Asked == SecondOrder.Hessian
            ? [hessian]
            : [[.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Sum(j => hessian[(i * n) + j] * V[j]))]];
    }

    private static Tensor Value(Tensor x)
    {
        var (low, high) = (x[..^1], x[1..]);
        return (100 * (high - low.Square()).Square()).Sum() + (1 - low).Square().Sum();
    }
}
