// The first hour in F#: tensors, gradients, indices, a model and its training, transforms. Every result is compared with a known number.
//
//   dotnet run -c Release --project samples/FirstHour/FSharp
open System
open Adjoint
open Adjoint.NN

let mutable failed = 0

let check (holds: bool) (what: string) =
    printfn "  %s %s" (if holds then "ok   " else "WRONG") what
    if not holds then failed <- failed + 1

// Arrays are shapes, numbers are operands.
let x = Tensor.FromArray([| 0.0; 1.0; 2.0; 3.0 |])
x.RequiresGrad <- true
let y = 2.0 * Tensor.Dot(x, x) + 1.0
check (y.Item() = 29.0) "2 x'x + 1"
y.Backward()
check (x.Grad.AllClose(4.0 * x.Detach())) "its gradient is 4x"
check ((1.0 - x.Detach() / 2.0).Sum().Item() = 1.0) "numbers on either side"

let zeros = Tensor.Zeros([| 2; 3 |])
check (zeros.Shape.Rank = 2 && zeros.Shape[1] = 3) "an array as a shape"
let grid = Tensor.Arange(12).Reshape([| 3; 4 |])
check (grid.Permute([| 1; 0 |]).Shape[0] = 4) "an array of dimensions"

// Indices, slices and assignment.
check (grid[1].Sum().Item() = 22.0) "a row"
check (grid[1, 2].Item() = 6.0) "an element"
check (grid[-1, -1].Item() = 11.0) "from the end"
check (grid[Range(1, 3)].Sum().Item() = 60.0) "rows 1 and 2"
check (grid[Range.All, 1].Sum().Item() = 15.0) "a column"
check (grid[grid.Gt(5)].Shape[0] = 6) "a mask"
let written = zeros.Clone()
written[0] <- Tensor.Ones([| 3 |])
written[1, 2] <- 5.0
check (written.Sum().Item() = 8.0) "written"

// A model.
Tensor.ManualSeed(0UL) |> ignore
let w = Tensor.FromArray([| 2.0f; -3.4f |])
let features = Tensor.Randn([| 256; 2 |])
let labels = (features.MatMul(w) + 4.2).Unsqueeze(1)
let model = Sequential([| Linear(2, 8) :> Layer; Tanh(); Linear(8, 1) |])
check (Seq.length (model.Parameters()) = 4) "a model's parameters"
let linear = Sequential([| Linear(2, 1) :> Layer |])
let optimizer = SGD(linear.Parameters(), lr = 0.1)

for _ in 1..200 do
    optimizer.ZeroGrad()
    let loss = linear.Call(features).MseLoss(labels)
    loss.Backward()
    optimizer.Step()

let weight = (linear[0] :?> Linear).Weight
check ((weight.Detach().Reshape([| 2 |]) - w).Abs().Max().Item() < 1e-3) "linear regression finds the weights"

using (Autograd.NoGrad()) (fun _ -> check (not (weight * 2.0).RequiresGrad) "nothing is recorded")

// Transforms of ordinary functions.
let softplus (s: Tensor) = (s - 100.0).Softplus()
let gamma = Transform.Vmap(Transform.Grad(Transform.Grad(softplus)))
let batch = gamma.Invoke(Tensor.FromArray([| 99.0; 100.0; 101.0 |]))
check (abs (batch[1].Item() - 0.25) < 1e-12) "a second derivative, for a batch"
let hessian = Transform.Hessian(fun (v: Tensor) -> v.Pow(3.0).Sum())
let curvature = hessian.Invoke(Tensor.FromArray([| 1.0; 2.0 |]))
check (curvature[1, 1].Item() = 12.0) "a Hessian"

printfn "%d failed" failed
exit (if failed = 0 then 0 else 1)
