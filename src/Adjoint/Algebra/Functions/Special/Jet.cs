namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// A Taylor polynomial of a function of one variable, cut off after some order: what computes derivatives of any order of functions that are given by
/// series, continued fractions or iterations. The coefficient k is the k-th derivative by k!.
/// </summary>
/// <param name="order">The highest power.</param>
internal readonly struct Jet(int order)
{
    private readonly double[] _c = new double[order + 1];

    /// <summary>A coefficient.</summary>
    public double this[int power]
    {
        get => _c[power];
        private set => _c[power] = value;
    }

    private int Order => _c.Length - 1;

    public static Jet operator +(Jet a, Jet b)
    {
        var sum = new Jet(a.Order);
        for (var i = 0; i <= a.Order; i++)
        {
            sum[i] = a[i] + b[i];
        }

        return sum;
    }

    public static Jet operator +(Jet a, double b)
    {
        var sum = 1 * a;
        sum[0] += b;
        return sum;
    }

    public static Jet operator -(Jet a, Jet b) => a + (-1 * b);

    public static Jet operator *(double a, Jet b)
    {
        var product = new Jet(b.Order);
        for (var i = 0; i <= b.Order; i++)
        {
            product[i] = a * b[i];
        }

        return product;
    }

    public static Jet operator *(Jet a, Jet b)
    {
        var product = new Jet(a.Order);
        for (var i = 0; i <= a.Order; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                product[i] += a[j] * b[i - j];
            }
        }

        return product;
    }

    public static Jet operator /(Jet a, Jet b)
    {
        var quotient = new Jet(a.Order);
        for (var i = 0; i <= a.Order; i++)
        {
            var rest = a[i];
            for (var j = 0; j < i; j++)
            {
                rest -= quotient[j] * b[i - j];
            }

            quotient[i] = rest / b[0];
        }

        return quotient;
    }

    /// <summary>The variable itself at a point.</summary>
    public static Jet Variable(double at, int order)
    {
        var x = Number(at, order);
        if (order > 0)
        {
            x[1] = 1;
        }

        return x;
    }

    /// <summary>A constant.</summary>
    public static Jet Number(double value, int order)
    {
        var x = new Jet(order);
        x[0] = value;
        return x;
    }

    /// <summary>e^x.</summary>
    public static Jet Exp(Jet x)
    {
        var y = Number(Math.Exp(x[0]), x.Order);
        for (var i = 1; i <= x.Order; i++)
        {
            for (var j = 1; j <= i; j++)
            {
                y[i] += j * x[j] * y[i - j] / i;
            }
        }

        return y;
    }

    /// <summary>The square root of what is not 0.</summary>
    public static Jet Sqrt(Jet x)
    {
        var y = Number(Math.Sqrt(x[0]), x.Order);
        for (var i = 1; i <= x.Order; i++)
        {
            var rest = x[i];
            for (var j = 1; j < i; j++)
            {
                rest -= y[j] * y[i - j];
            }

            y[i] = rest / (2 * y[0]);
        }

        return y;
    }

    /// <summary>The logarithm of the gamma function at a point moved along the variable.</summary>
    public static Jet LogGamma(double at, int order)
    {
        var y = Number(Lgamma.Value(at), order);
        var factorial = 1.0;
        for (var i = 1; i <= order; i++)
        {
            factorial *= i;
            y[i] = Polygamma.Value(at, i - 1) / factorial;
        }

        return y;
    }

    /// <summary>The derivative of an order.</summary>
    public double Derivative(int order)
    {
        var value = _c[order];
        for (var k = 2; k <= order; k++)
        {
            value *= k;
        }

        return value;
    }
}
