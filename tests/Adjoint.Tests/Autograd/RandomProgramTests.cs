using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// Random chains of views, in-place operators and branches. Each program runs twice: with views and changes in place, and written without either,
/// where a variable is a list of places in a base and a change makes a new base. Values, first and second derivatives must agree, and the first ones
/// must be those of finite differences.
/// </summary>
public class RandomProgramTests
{
    private const int Programs = 120;
    private const int Steps = 14;

    [Fact]
    public void InPlaceProgramsAreTheirOutOfPlaceTwins()
    {
        var changes = 0;
        for (var seed = 0; seed < Programs; seed++)
        {
            var x = LeafOf([2, 3], [.. Enumerable.Range(0, 6).Select(i => Math.Sin(seed + (1.7 * i)))]);
            var w = Leaf([.. Enumerable.Range(0, 3).Select(i => Math.Cos(seed + (2.3 * i)))]);
            var inPlace = new InPlaceMachine();
            var loss = Run(inPlace, seed, x, w, []);
            var branches = new List<bool>();
            var expected = Run(new FunctionalMachine(), seed, x, w, branches);
            changes += inPlace.Changes;
            try
            {
                IsClose(loss, Of(expected));
                var (first, second) = Derivatives(loss, x, w);
                var (expectedFirst, expectedSecond) = Derivatives(expected, x, w);
                IsClose(first, Of(expectedFirst));
                IsClose(second, Of(expectedSecond), 1e-10);
                IsClose(first, Differences(seed, x, w, branches), 2e-7);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Program {seed}: {e.Message}", e);
            }
        }

        // The programs are not trivial.
        Assert.True(changes > Programs * 3, $"Only {changes} changes in place.");
    }

    /// <summary>The gradient by both leaves as one vector, and the gradient of its squared length.</summary>
    private static (Tensor First, Tensor Second) Derivatives(Tensor loss, Tensor x, Tensor w)
    {
        var first = Joined(Autograd.Grad([loss], [x, w], createGraph: true, materializeGrads: true));
        var second = first.RequiresGrad
            ? Joined(Autograd.Grad([(first * first).Sum()], [x, w], materializeGrads: true))
            : Tensor.ZerosLike(first);
        return (first, second);
    }

    private static Tensor Joined(Tensor?[] parts) => Tensor.Cat([parts[0]!.Reshape(-1), parts[1]!.Reshape(-1)]);

    private static double[] Differences(int seed, Tensor x, Tensor w, List<bool> branches)
    {
        const double h = 1e-6;
        var values = Of(x).Concat(Of(w)).ToArray();
        return [.. Enumerable.Range(0, values.Length).Select(i => (At(i, h) - At(i, -h)) / (2 * h))];

        double At(int i, double step)
        {
            var moved = (double[])values.Clone();
            moved[i] += step;
            return Autograd.NoGrad(() => Run(
                new FunctionalMachine(), seed, Tensor.FromArray(moved[..6], [2, 3]), Tensor.FromArray(moved[6..]), [.. branches]).Item<double>());
        }
    }

    /// <summary>The program of a seed.</summary>
    /// <param name="machine">Where it runs.</param>
    /// <param name="seed">Which program.</param>
    /// <param name="x">A leaf.</param>
    /// <param name="w">Another one.</param>
    /// <param name="branches">The ways taken: read from the front if there are any, else added.</param>
    private static Tensor Run(Machine machine, int seed, Tensor x, Tensor w, List<bool> branches)
    {
        var random = new Random(seed);
        var replays = branches.Count > 0;
        var next = 0;
        machine.Make(x * 1);
        machine.Make(w * 1);
        machine.Make(Tensor.Zeros([2, 2], DType.Float64));
        for (var step = 0; step < Steps; step++)
        {
            var v = random.Next(machine.Count);
            switch (random.Next(8))
            {
                case 0 or 1 or 2:
                    machine.View(v, AnyView(random, machine.ShapeOf(v)));
                    break;
                case 3 or 4 or 5:
                    Change(machine, random, v);
                    break;
                case 6:
                    var u = random.Next(machine.Count);
                    machine.Make((machine.Read(v).Sin() * 0.7) + machine.Read(u).Mean());
                    break;
                default:
                    if (!replays)
                    {
                        branches.Add(machine.Read(v).Sum().Item<double>() > 0);
                    }

                    // Both ways draw as many numbers.
                    var other = random.Next(machine.Count);
                    if (branches[next++])
                    {
                        machine.Change(other, y => y.Cos(), y => y.Cos_());
                    }
                    else
                    {
                        machine.Change(other, y => y * 0.5, y => y.Mul_(0.5));
                    }

                    break;
            }
        }

        var loss = Tensor.Scalar(0.0);
        for (var i = 0; i < machine.Count; i++)
        {
            var y = machine.Read(i);
            loss = loss + (y * y * ((0.1 * i) + 0.2)).Sum() + (y.Sum() * 0.3);
        }

        return loss;
    }

    private static void Change(Machine machine, Random random, int v)
    {
        var shape = machine.ShapeOf(v);
        var u = random.Next(machine.Count);
        var operand = machine.ShapeOf(u).SequenceEqual(shape) ? machine.Read(u) : machine.Read(u).Mean();
        switch (random.Next(9))
        {
            case 0:
                machine.Change(v, y => y.Sin(), y => y.Sin_());
                break;
            case 1:
                machine.Change(v, y => y * operand, y => y.Mul_(operand));
                break;
            case 2:
                machine.Change(v, y => y + operand, y => y.Add_(operand));
                break;
            case 3:
                machine.Change(v, y => y - (operand * 0.5), y => y -= operand * 0.5);
                break;
            case 4:
                machine.Change(v, y => Tensor.Zeros(shape, DType.Float64) + operand, y => y.Copy_(operand));
                break;
            case 5:
                machine.Change(v, _ => Tensor.Zeros(shape, DType.Float64), y => y.Zero_());
                break;
            case 6 when shape.Length > 0:
                var mask = Tensor.FromArray([.. Enumerable.Range(0, Size(shape)).Select(_ => random.Next(2) == 0)], shape);
                machine.Change(v, y => Tensor.Where(mask, 0.25, y), y => y[mask] = 0.25);
                break;
            case 7:
                machine.Change(v, y => y / 2, y => y /= 2);
                break;
            default:
                machine.Change(v, y => y.Square(), y => y.Square_());
                break;
        }
    }

    private static Func<Tensor, Tensor> AnyView(Random random, int[] shape)
    {
        if (shape.Length == 0)
        {
            return y => y.Unsqueeze(0);
        }

        var dim = random.Next(shape.Length);
        var start = random.Next(shape[dim]);
        var end = random.Next(start + 1, shape[dim] + 1);
        return random.Next(5) switch
        {
            0 => y => y.Select(dim, start),
            1 => y => y.Slice(dim, start, end),
            2 => y => y.T,
            3 => y => y[.., TensorIndex.NewAxis],
            _ => y => y.Slice(dim, 0, null, 2),
        };
    }

    private static int Size(int[] shape) => shape.Aggregate(1, (size, dim) => size * dim);

    private abstract class Machine
    {
        public abstract int Count { get; }

        public abstract int[] ShapeOf(int variable);

        /// <summary>A value that changes do not reach.</summary>
        public abstract Tensor Read(int variable);

        public abstract void Make(Tensor value);

        public abstract void View(int variable, Func<Tensor, Tensor> view);

        public abstract void Change(int variable, Func<Tensor, Tensor> anew, Action<Tensor> inPlace);
    }

    private sealed class InPlaceMachine : Machine
    {
        private readonly List<Tensor> _variables = [];

        public int Changes { get; private set; }

        public override int Count => _variables.Count;

        public override int[] ShapeOf(int variable) => _variables[variable].Shape.ToArray();

        public override Tensor Read(int variable) => _variables[variable].Clone();

        public override void Make(Tensor value) => _variables.Add(value);

        public override void View(int variable, Func<Tensor, Tensor> view) => _variables.Add(view(_variables[variable]));

        public override void Change(int variable, Func<Tensor, Tensor> anew, Action<Tensor> inPlace)
        {
            // As PyTorch, which takes a view for a leaf until somebody asks what it has become since its base changed.
            _ = _variables[variable].GradFn;
            inPlace(_variables[variable]);
            Changes++;
        }
    }

    private sealed class FunctionalMachine : Machine
    {
        private readonly List<Tensor> _bases = [];
        private readonly List<(int Base, Tensor Places)> _variables = [];

        public override int Count => _variables.Count;

        public override int[] ShapeOf(int variable) => _variables[variable].Places.Shape.ToArray();

        public override Tensor Read(int variable)
        {
            var (source, places) = _variables[variable];
            return _bases[source][places.Reshape(-1)].Reshape(places.Shape.ToArray());
        }

        public override void Make(Tensor value)
        {
            _variables.Add((_bases.Count, Tensor.Arange(value.Count).Reshape(value.Shape.ToArray())));
            _bases.Add(value.Reshape(-1));
        }

        public override void View(int variable, Func<Tensor, Tensor> view)
        {
            var (source, places) = _variables[variable];
            _variables.Add((source, view(places)));
        }

        public override void Change(int variable, Func<Tensor, Tensor> anew, Action<Tensor> inPlace)
        {
            var (source, places) = _variables[variable];
            var value = anew(Read(variable)).Reshape(-1);
            var written = new bool[_bases[source].Count];
            var from = new long[written.Length];
            foreach (var (i, place) in places.Contiguous().ToArray<long>().Index())
            {
                (written[place], from[place]) = (true, i);
            }

            _bases[source] = Tensor.Where(Tensor.FromArray(written), value[Tensor.FromArray(from)], _bases[source]);
        }
    }
}
