using System.Globalization;
using Adjoint.Engine;
using Microsoft.Win32.SafeHandles;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>The forms of saved tensors that come with the library: files, half precision, bfloat16
/// (PyTorch's test_saving_variable_to_disk).</summary>
public sealed class SavedFormTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "adjoint-tests-" + Guid.NewGuid().ToString("N"));

    /// <summary>The files that are open: on Linux they have no name any more, but the system still knows which one they had.</summary>
    private string[] Files => OperatingSystem.IsLinux()
        ? [.. Directory.GetFiles("/proc/self/fd").Where(link => Target(link).StartsWith(_folder, StringComparison.Ordinal))]
        : Directory.GetFiles(_folder);

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public void FilesGiveTheSameGradientsAndGoWithThePass()
    {
        var x = Leaf(1, 2, 3, 4);
        var y = OnDisk(x);

        // The product saves both of its inputs, the square root and the sine what they read.
        Assert.Equal(4, Files.Length);
        var first = Autograd.Grad(y, x, createGraph: true);
        var second = Autograd.Grad(first.Sum(), x, retainGraph: true);
        Assert.Equal(4, Files.Length);
        y.Backward();
        Assert.Empty(Files);
        var plain = Leaf(1, 2, 3, 4);
        var expected = Autograd.Grad(Program(plain), plain, createGraph: true);
        Holds(first, Of(expected));
        Holds(x.Grad, Of(expected));
        Holds(second, Of(Autograd.Grad(expected.Sum(), plain)));
    }

    [Fact]
    public void FilesOfAGraphThatIsNeverRunGoWithIt()
    {
        Collected.Gone(() => [OnDisk(Leaf(1, 2)).GradFn!]);
        for (var i = 0; i < 10 && Files.Length > 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Empty(Files);
    }

    [Fact]
    public void LeavesAndSmallTensorsStayInMemory()
    {
        var x = Leaf(1, 2);
        using (Autograd.SaveOnDisk(_folder, smallest: 24))
        {
            _ = x * x;
            var small = x * 1.5;
            var y = small * small;
            Assert.Empty(Files);
            var large = Tensor.Cat([y, y]);
            var z = large.Exp();
            Assert.Single(Files);
            z.Sum().Backward();
        }

        Assert.Empty(Files);
    }

    [Fact]
    public void AFileThatCannotBeWrittenIsAnErrorAndLeavesNothing()
    {
        var x = Leaf(1, 2) * 1.5;
        using (Autograd.SaveOnDisk(_folder))
        {
            Directory.Delete(_folder);
            Assert.Throws<DirectoryNotFoundException>(() => _ = x.Exp());
        }

        Assert.Empty(Files);
    }

    /// <summary>So a process that is killed leaves nothing, and nobody else can read it.</summary>
    [Fact]
    public void OnUnixAFileHasNoNameAndIsTheUsersOwn()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There the system deletes a file with its last handle.");
            return;
        }

        var y = OnDisk(Leaf(1, 2));
        Assert.Empty(Directory.GetFiles(_folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
        foreach (var file in Files.Where(_ => OperatingSystem.IsLinux()))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        y.Backward();
    }

    [Theory]
    [InlineData("flipped", "does not hold what was written to it")]
    [InlineData("swapped", "does not hold what was written to it")]
    [InlineData("longer", "does not hold what was written to it")]
    [InlineData("shorter", "was cut short")]
    [InlineData("empty", "was cut short")]
    public void AFileThatHoldsSomethingElseIsAnError(string change, string words)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Nobody gets at the files elsewhere.");
        var y = OnDisk(Leaf(1, 2));
        foreach (var path in Files)
        {
            using var file = Open(path);
            var bytes = new byte[RandomAccess.GetLength(file)];
            RandomAccess.Read(file, bytes, 0);
            switch (change)
            {
                case "flipped":
                    bytes[^1] ^= 1;
                    RandomAccess.Write(file, bytes, 0);
                    break;
                case "swapped":
                    RandomAccess.Write(file, [.. bytes[8..], .. bytes[..8]], 0);
                    break;
                case "longer":
                    RandomAccess.Write(file, [0], bytes.Length);
                    break;
                default:
                    RandomAccess.SetLength(file, change == "empty" ? 0 : bytes.Length - 1);
                    break;
            }
        }

        Assert.Contains(words, Assert.ThrowsAny<IOException>(() => y.Backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AViewWritesItsElementsOnly()
    {
        var x = LeafOf([2, 3], 1, 2, 3, 4, 5, 6);
        using (Autograd.SaveOnDisk(_folder))
        {
            var y = (x * 1.5).T[1..].Sin();
            Assert.Equal(4 * sizeof(double), Length(Assert.Single(Files)));
            y.Sum().Backward();
        }

        Holds(
            x.Grad, 0, 1.5 * Math.Cos(3), 1.5 * Math.Cos(4.5), 0, 1.5 * Math.Cos(7.5), 1.5 * Math.Cos(9));
    }

    // Unit roundoffs: 2^-11 and 2^-8, from 11 and 8 significant bits.
    [Theory]
    [InlineData(true, nameof(DType.Float32), 1.0 / 2048)]
    [InlineData(true, nameof(DType.Float64), 1.0 / 2048)]
    [InlineData(false, nameof(DType.Float32), 1.0 / 256)]
    [InlineData(false, nameof(DType.Float64), 1.0 / 256)]
    public void TheErrorIsAsStated(bool half, string dtypeName, double bound)
    {
        var dtype = DType.Parse(dtypeName);
        var random = new Random(5);
        var numbers = new double[4000];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (random.NextDouble() + 1) * Math.Pow(2, random.Next(-13, 15)) * (random.Next(2) == 0 ? 1 : -1);
        }

        // The gradient of x * x by the first factor is the second, as it comes back.
        var x = Tensor.FromArray(numbers).To(dtype);
        var one = Tensor.OnesLike(x).RequiresGrad_();
        Tensor y;
        using (half ? Autograd.SaveAsHalf() : Autograd.SaveAsBFloat16())
        {
            y = (one * 1.0) * (x.Detach().RequiresGrad_() * 1.0);
        }

        y.Sum().Backward();
        var back = Of(one.Grad!.To(DType.Float64));
        var exact = Of(x.To(DType.Float64));
        var worst = back.Zip(exact, (a, b) => Math.Abs(a - b) / Math.Abs(b)).Max();
        Assert.InRange(worst, bound / 2, bound);
    }

    [Fact]
    public void SmallNumbersOfHalfAreWithinTheStatedStep()
    {
        var numbers = Enumerable.Range(1, 500).Select(i => i * 1.23e-7).ToArray();
        var back = ThroughHalf(numbers);
        var worst = back.Zip(numbers, (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(worst, 1e-8, 3.0e-8);
    }

    // From the definition of bfloat16: 7 bits of fraction, ties to even.
    [Theory]
    [InlineData(1f, 0x3F80)]
    [InlineData(-2f, 0xC000)]
    [InlineData(1.00390625f, 0x3F80)]
    [InlineData(1.01171875f, 0x3F82)]
    [InlineData(1.00390637f, 0x3F81)]
    [InlineData(float.PositiveInfinity, 0x7F80)]
    [InlineData(0f, 0)]
    public void BFloat16RoundsToTheNearestAndTiesToEven(float value, int bits) => Assert.Equal(bits, ((BFloat16)value).ToBits());

    [Fact]
    public void NaNAndInfinityStay()
    {
        double[] numbers = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0];
        Assert.Equal(numbers, ThroughHalf(numbers));
        Assert.True(float.IsNaN((float)BFloat16.FromBits(((BFloat16)float.NaN).ToBits())));
        Assert.True(float.IsNaN((float)BFloat16.FromBits(((BFloat16)BitConverter.UInt32BitsToSingle(0x7F800001)).ToBits())));
    }

    [Fact]
    public void TensorsBeyondTheRangeAreKeptAsTheyAre()
    {
        Assert.Equal([65520.0, 1.0 / 3], ThroughHalf([65520, 1.0 / 3]));
        Assert.NotEqual([65519.0, 1.0 / 3], ThroughHalf([65519, 1.0 / 3]));
    }

    [Fact]
    public void SixteenBitsTakeAQuarterOfTheMemory()
    {
        var x = Tensor.Ones([100], dtype: DType.Float64).RequiresGrad_();
        Tensor y;
        using (Autograd.SaveAsBFloat16())
        {
            y = (x * 1.5).Sin();
        }

        var saved = Assert.Single(ComputationGraph.SavedTensors(y), saved => saved.Node.Name == "SinBackward0");
        Assert.Equal(("bfloat16", 800L, 200L), (saved.Form, saved.Bytes, saved.HeldBytes));
        y.Sum().Backward();
        Assert.Empty(ComputationGraph.SavedTensors(y));
        Fails<AutogradException>("Trying to backward through the graph a second time", () => y.Sum().Backward());
    }

    [Fact]
    public void SecondDerivativesGoThroughSixteenBits()
    {
        var x = Leaf(1.5, 2);
        Tensor y;
        using (Autograd.SaveAsHalf())
        {
            y = ((x * 1.0) * (x * 1.0)).Sum();
        }

        // All values have few bits, so nothing is rounded: 2x and 2.
        var first = Autograd.Grad(y, x, createGraph: true);
        Holds(first, 3, 4);
        Holds(Autograd.Grad(first.Sum(), x), 2, 2);
    }

    private static Tensor Program(Tensor x) => (((x * 1.5).Sqrt() * (x * 2.5).Sin()) * 1.0).Sum();

    private static double[] ThroughHalf(double[] numbers)
    {
        var one = Tensor.OnesLike(Tensor.FromArray(numbers)).RequiresGrad_();
        Tensor y;
        using (Autograd.SaveAsHalf())
        {
            y = (one * 1.0) * (Tensor.FromArray(numbers).RequiresGrad_() * 1.0);
        }

        y.Sum().Backward();
        return Of(one.Grad);
    }

    private static string Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget ?? string.Empty;
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }

    private static long Length(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new FileInfo(path).Length;
        }

        using var file = Open(path);
        return RandomAccess.GetLength(file);
    }

    /// <summary>The handle that the product holds, as nobody else may open the file.</summary>
    private static SafeFileHandle Open(string link) => new(int.Parse(Path.GetFileName(link), CultureInfo.InvariantCulture), ownsHandle: false);

    private Tensor OnDisk(Tensor x)
    {
        using (Autograd.SaveOnDisk(_folder))
        {
            return Program(x);
        }
    }
}
