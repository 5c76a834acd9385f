' The first hour in Visual Basic: tensors, gradients, indices, a model and its training, transforms. Every result is compared with a known number.
'
'   dotnet run -c Release --project samples/FirstHour/VB
Imports Adjoint
Imports Adjoint.NN

Module Program
    Private failed As Integer

    Private Sub Check(holds As Boolean, what As String)
        Console.WriteLine($"  {If(holds, "ok   ", "WRONG")} {what}")
        If Not holds Then failed += 1
    End Sub

    Private Function Softplus(s As Tensor) As Tensor
        Return (s - 100.0).Softplus()
    End Function

    Public Function Main() As Integer
        ' Arrays are shapes, numbers are operands.
        Dim x = Tensor.FromArray({0.0, 1.0, 2.0, 3.0})
        x.RequiresGrad = True
        Dim y = 2.0 * Tensor.Dot(x, x) + 1.0
        Check(y.Item() = 29.0, "2 x'x + 1")
        y.Backward()
        Check(x.Grad.AllClose(4.0 * x.Detach()), "its gradient is 4x")
        Check((1.0 - x.Detach() / 2.0).Sum().Item() = 1.0, "numbers on either side")

        Dim zeros = Tensor.Zeros({2, 3})
        Check(zeros.Shape.Rank = 2 AndAlso zeros.Shape(1) = 3, "an array as a shape")
        Dim grid = Tensor.Arange(12).Reshape({3, 4})
        Check(grid.Permute({1, 0}).Shape(0) = 4, "an array of dimensions")

        ' Indices, slices and assignment.
        Check(grid(1).Sum().Item() = 22.0, "a row")
        Check(grid(1, 2).Item() = 6.0, "an element")
        Check(grid(-1, -1).Item() = 11.0, "from the end")
        Check(grid(New Range(1, 3)).Sum().Item() = 60.0, "rows 1 and 2")
        Check(grid(Range.All, 1).Sum().Item() = 15.0, "a column")
        Check(grid(grid > 5).Shape(0) = 6, "a mask")
        Dim written = zeros.Clone()
        written(0) = Tensor.Ones({3})
        written(1, 2) = 5.0
        Check(written.Sum().Item() = 8.0, "written")

        ' A model.
        Tensor.ManualSeed(0)
        Dim w = Tensor.FromArray({2.0F, -3.4F})
        Dim features = Tensor.Randn({256, 2})
        Dim labels = (features.MatMul(w) + 4.2).Unsqueeze(1)
        Dim model = New Sequential({New Linear(2, 8), New Tanh(), New Linear(8, 1)})
        Check(model.Parameters().Count() = 4, "a model's parameters")
        Dim linear As New Linear(2, 1)
        Dim trained = New Sequential(New Layer() {linear})
        Dim optimizer = New SGD(trained.Parameters(), lr:=0.1)
        For epoch = 1 To 200
            optimizer.ZeroGrad()
            Dim loss = trained.Call(features).MseLoss(labels)
            loss.Backward()
            optimizer.Step()
        Next

        Check((linear.Weight.Detach().Reshape({2}) - w).Abs().Max().Item() < 0.001, "linear regression finds the weights")
        Using Autograd.NoGrad()
            Check(Not (linear.Weight * 2.0).RequiresGrad, "nothing is recorded")
        End Using

        ' Transforms of ordinary functions.
        Dim gamma = Transform.Vmap(Transform.Grad(Transform.Grad(Function(s As Tensor) Softplus(s))))
        Dim batch = gamma(Tensor.FromArray({99.0, 100.0, 101.0}))
        Check(Math.Abs(batch(1).Item() - 0.25) < 0.000000000001, "a second derivative, for a batch")
        Dim hessian = Transform.Hessian(Function(v As Tensor) v.Pow(3.0).Sum())
        Check(hessian(Tensor.FromArray({1.0, 2.0}))(1, 1).Item() = 12.0, "a Hessian")

        Console.WriteLine($"{failed} failed")
        Return If(failed = 0, 0, 1)
    End Function
End Module
