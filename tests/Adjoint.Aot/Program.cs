using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

var width = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
Console.WriteLine($"native code: {!RuntimeFeature.IsDynamicCodeSupported}, {width}-bit vectors");
return 0;
