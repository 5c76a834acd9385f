using Adjoint.Memory;

namespace Adjoint.Allocation;

/// <summary>Operators on ten million narrow elements take no memory to speak of beside their result: none makes a wide copy of its input.</summary>
[Collection(ProcessTests.Name)]
public class NarrowInputTests
{
    private const int Rows = 1000;
    private const int Columns = 10_000;

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Operators = new()
    {
        ["Sum"] = x => x.Sum(),
        ["Sum of columns"] = x => x.Sum(0),
        ["Sum of rows"] = x => x.Sum(1),
        ["Sum of a transpose"] = x => x.T.Sum(0),
        ["Sum in float32"] = x => x.Sum(DType.Float32),
        ["Mean in float32"] = x => x.Mean(DType.Float32),
        ["All"] = x => x.All(),
        ["All of columns"] = x => x.All(0),
        ["Any"] = x => x.Any(),
        ["Any of rows"] = x => x.Any(1),
        ["Amax"] = x => x.Amax(),
        ["Amin of columns"] = x => x.Amin([0]),
        ["Eq a number"] = x => x == 1,
        ["Lt a fraction"] = x => x < 0.5,
        ["Lt a number beyond"] = x => x < 3_000_000_000,
        ["LogicalNot"] = x => !x,
        ["BitwiseNot"] = x => ~x,
        ["BitwiseAnd"] = x => x & x,
        ["Pow a number"] = x => x.Pow(2),
        ["Pow a tensor"] = x => x.Pow(x),
        ["Clamp"] = x => x.Clamp(0, 1),
    };

    public static TheoryData<string, DType> Cases
    {
        get
        {
            var cases = new TheoryData<string, DType>();
            foreach (var name in Operators.Keys)
            {
                foreach (var dtype in new[] { DType.Bool, DType.UInt8, DType.Int32 })
                {
                    // Powers and limits that are plain whole numbers make int64 of truth values; powers of truth values are refused.
                    if (dtype != DType.Bool || !(name.StartsWith("Pow", StringComparison.Ordinal) || name == "Clamp"))
                    {
                        cases.Add(name, dtype);
                    }
                }
            }

            foreach (var dtype in new[] { DType.Int64, DType.Float32, DType.Float64 })
            {
                cases.Add("All", dtype);
                cases.Add("Any", dtype);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TakesNoMemoryBesideItsResult(string name, DType dtype)
    {
        var x = Tensor.Ones([Rows, Columns], dtype);
        var run = Operators[name];
        int[] sizes = [.. run(x).Shape];
        var made = run(x).DType;
        var result = Taken(() => Tensor.Empty(sizes, made));
        var all = Taken(() => run(x));
        Assert.InRange(all - result, long.MinValue, (long)Rows * Columns * dtype.ItemSize / 8);
    }

    /// <summary>The bytes that this thread takes from the pool and from the managed heap.</summary>
    private static long Taken(Func<Tensor> run)
    {
        var (rented, allocated) = (BlockPool.RentedByThread, GC.GetAllocatedBytesForCurrentThread());
        GC.KeepAlive(run());
        return BlockPool.RentedByThread - rented + GC.GetAllocatedBytesForCurrentThread() - allocated;
    }
}
