using Adjoint;
using Transforms;

namespace FirstHour;

/// <summary>The first page of PyTorch's 60-minute blitz: making tensors, asking about them, indexing and joining them.</summary>
public static class BlitzTensors
{
    public static void Run(Checks checks)
    {
        int[,] data = { { 1, 2 }, { 3, 4 } };
        var fromArray = Tensor.FromArray(data);
        Tensor literal = [[1, 2], [3, 4]];
        checks.That(fromArray.Equal(literal.To(DType.Int32)), "an array and a literal give the same tensor");

        var ones = Tensor.OnesLike(literal);
        var random = Tensor.RandLike(literal, DType.Float32);
        checks.That(ones.Sum().Item() == 4 && random.Shape == literal.Shape, "tensors like another one");

        int[] shape = [2, 3];
        var rand = Tensor.Rand(shape);
        var zeros = Tensor.Zeros(rand.Shape);
        Console.WriteLine(zeros);
        Console.WriteLine($"shape {rand.Shape}, dtype {rand.DType}");
        checks.That(zeros.Shape[0] == 2 && zeros.Shape[^1] == 3 && zeros.Rank == 2, "a shape is a list of sizes");

        var tensor = Tensor.Ones(4, 4);
        tensor[.., 1] = 0;
        Console.WriteLine(tensor);
        checks.That(tensor.Sum().Item() == 12 && tensor[0, 1].Item() == 0, "a column was set");

        var wide = Tensor.Cat([tensor, tensor, tensor], dim: 1);
        checks.That(wide.Shape == new[] { 4, 12 }, "three tensors side by side");
        checks.That(tensor.Mul(tensor).Equal(tensor * tensor), "an operator is a method");
        checks.That(tensor.MatMul(tensor.T)[0, 0].Item() == 3, "a matrix by its transpose");

        tensor.Add_(5);
        checks.That(tensor[0, 0].Item() == 6, "in place");

        var t = Tensor.Ones(5);
        float[] numbers = t.ToArray<float>();
        checks.That(numbers.Length == 5 && numbers.All(number => number == 1), "an array of .NET");
        foreach (var row in literal)
        {
            Console.WriteLine($"row {row}, sum {row.Sum().Item<long>()}");
        }

        var big = Tensor.Zeros([2, 3], DType.Float64) + 0.5;
        checks.That(big.Sum().Item() == 3 && (double)big.Mean() == 0.5, "float64");
        checks.That($"{big.Mean():F3}" == "0.500", "a number's format");
        checks.That(Tensor.Arange(6).Reshape(2, 3).Sum(0, 1).Item() == 15, "a sum over two dimensions");
        checks.That(Tensor.Arange(6).View(2, -1)[1, 1..].Equal([4, 5]), "a slice");
    }
}
