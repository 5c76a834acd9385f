using Adjoint;

namespace Tour;

/// <summary>
/// PyTorch's autograd notebook (the chapter "Automatic Differentiation" of "Dive into Deep Learning") in C#, cell by
/// cell. A call of <c>Show</c> is the end of a cell: it prints the code above it and the value, and compares with
/// PyTorch's text beside it.
/// </summary>
public sealed class Notebook(OutputFolder output)
{
    private readonly Cells _cells = Cells.Of("Notebook.cs");

    /// <summary>Runs all cells; returns whether each gave the expected text.</summary>
    public bool Run()
    {
        Console.WriteLine("Part 1: the notebook");
        SimpleFunction();
        Accumulation();
        NonScalar();
        Detaching();
        MiddleTensors();
        ControlFlow();
        Jacobian();
        Graph();
        Console.WriteLine();
        Console.WriteLine($"{_cells.Passed} cells as in PyTorch, {_cells.Failed} not");
        return _cells.Failed == 0;
    }

    private void SimpleFunction()
    {
        _cells.Section("The gradient of a simple function");

        Tensor x = [0f, 1, 2, 4];
        _cells.Show(x, "tensor([0., 1., 2., 4.])");

        x.RequiresGrad = true;
        _cells.Show(x, "tensor([0., 1., 2., 4.], requires_grad=True)");

        // There is a place for the gradient, still empty.
        _cells.Show(x.Grad, "null");

        var y = 2 * Tensor.Dot(x, x);
        _cells.Show(y, "tensor(42., grad_fn=<MulBackward0>)");

        y.Backward();
        _cells.Show(x.Grad, "tensor([ 0.,  4.,  8., 16.])");

        // The gradient of 2 x.x is 4 x.
        _cells.Show(x.Grad == 4 * x, "tensor([True, True, True, True])");
    }

    private void Accumulation()
    {
        Tensor x = [0f, 1, 2, 4];
        x.RequiresGrad = true;
        (2 * Tensor.Dot(x, x)).Backward();
        _cells.Section("Gradients accumulate");

        // Clear the gradient before the next function.
        _cells.Show(x.Grad!.Zero_(), "tensor([0., 0., 0., 0.])");

        var y = x.Sum();
        _cells.Show(y, "tensor(7., grad_fn=<SumBackward0>)");

        y.Backward();
        _cells.Show(x.Grad, "tensor([1., 1., 1., 1.])");

        // Without clearing, the next gradient is added to the one that is there.
        x.Sum().Backward();
        _cells.Show(x.Grad, "tensor([2., 2., 2., 2.])");
    }

    private void NonScalar()
    {
        Tensor x = [0f, 1, 2, 4];
        x.RequiresGrad = true;
        _cells.Section("Backward for a vector");

        var y = x * x;
        _cells.Show(y, "tensor([ 0.,  1.,  4., 16.], grad_fn=<MulBackward0>)");
        _cells.Show(y.Shape, "torch.Size([4])");

        // A vector has no single gradient.
        _cells.ShowError(() => y.Backward(), "grad can be implicitly created only for scalar outputs");

        // Its sum does; so does the vector with a weight for each element.
        y.Sum().Backward();
        _cells.Show(x.Grad, "tensor([0., 2., 4., 8.])");

        x.ZeroGrad();
        y = x * x;
        y.Backward(Tensor.OnesLike(y));
        _cells.Show(x.Grad, "tensor([0., 2., 4., 8.])");
    }

    private void Detaching()
    {
        Tensor x = [0f, 1, 2, 4];
        x.RequiresGrad = true;
        _cells.Section("Detaching computation");

        // u has the values of y and no history: for z it is a constant.
        var y = x * x;
        var u = y.Detach();
        var z = u * x;
        z.Sum().Backward();
        _cells.Show(x.Grad == u, "tensor([True, True, True, True])");

        // y itself still knows where it came from.
        x.ZeroGrad();
        y.Sum().Backward();
        _cells.Show(x.Grad == 2 * x, "tensor([True, True, True, True])");
    }

    private void MiddleTensors()
    {
        _cells.Section("Gradients of tensors in the middle");

        Tensor x = [0f, 1, 2, 4];
        x.RequiresGrad = true;
        var y = x * x;
        y.Sum().Backward();
        _cells.ShowWarning(
            () => y.Grad, "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed.");

        y = x * x;
        y.RetainGrad();
        y.Sum().Backward();
        _cells.Show(y.Grad, "tensor([1., 1., 1., 1.])");
    }

    private void ControlFlow()
    {
        _cells.Section("Gradients and C# control flow");

        static Tensor F(Tensor a)
        {
            var b = a * 2;
            while (b.Norm() < 1000)
            {
                b = b * 2;
            }

            return b.Sum() > 0 ? b : 100 * b;
        }

        Tensor.ManualSeed(0);
        var a = Tensor.Randn().RequiresGrad_();
        _cells.Show(a, "tensor(1.5410, requires_grad=True)");

        // However often the loop ran, F is a line through the origin, and its slope is d / a.
        var d = F(a);
        d.Backward();
        _cells.Show(a.Grad == d / a, "tensor(True)");
    }

    private void Jacobian()
    {
        _cells.Section("The Jacobian of a vector function, row by row");

        Tensor x = [0f, 1, 2, 4];
        x.RequiresGrad = true;
        var y = x[..^1] * x[1..];
        _cells.Show(y, "tensor([0., 2., 8.], grad_fn=<MulBackward0>)");

        // Row i is the gradient of y[i]: what flows back from the i-th unit vector.
        var rows = new List<Tensor>();
        foreach (var unit in Tensor.Eye(3))
        {
            rows.Add(Autograd.Grad(y, x, unit, retainGraph: true));
        }

        _cells.Show(rows[0], "tensor([1., 0., 0., 0.])");
        _cells.Show(rows[1], "tensor([0., 2., 1., 0.])");
        _cells.Show(rows[2], "tensor([0., 0., 4., 2.])");
        _cells.Show(
            Tensor.Stack(rows),
            """
            tensor([[1., 0., 0., 0.],
                    [0., 2., 1., 0.],
                    [0., 0., 4., 2.]])
            """);
    }

    private void Graph()
    {
        _cells.Section("The graph that was recorded");

        Tensor x = [0f, 1, 2, 4];
        x.RequiresGrad = true;
        var y = 2 * Tensor.Dot(x, x);
        y.Backward();
        _cells.Show(y.GradFn, "<MulBackward0>");
        _cells.Show(y.GradFn!.NextFunctions[0].Node, "<DotBackward0>");

        // As a picture, with the names we give: for a browser, and as text for Graphviz.
        var svg = ComputationGraph.ToSvg(y, ("x", x), ("y", y));
        var dot = ComputationGraph.ToDot(y, ("x", x), ("y", y));
        _cells.Show(
            dot,
            """
            digraph computation {
              node [shape=box, style="rounded,filled", fontname="monospace", fontsize=11];
              edge [arrowsize=0.7];
              n0 [label="MulBackward0\ny: scalar float32", fillcolor="#fff8c5", color="#9a6700"];
              n1 [label="DotBackward0\nscalar float32", fillcolor="#f6f8fa", color="#57606a"];
              n2 [label="x\n[4] float32\nholds Grad", fillcolor="#dafbe1", color="#1a7f37"];
              n3 [label="constant", fillcolor="#ffffff", color="#afb8c1"];
              n1 -> n0;
              n3 -> n0;
              n2 -> n1;
              n2 -> n1;
            }

            """);

        output.Write("graph.svg", svg);
        output.Write("graph.dot", dot);
    }
}
