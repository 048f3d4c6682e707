namespace Mammo.Scoring;

/// <summary>What runs a network forward.</summary>
public enum EngineKind
{
    /// <summary>For float32 on the CPU, Mammo's own kernels or ONNX Runtime, whichever is measured to be faster; torch otherwise.</summary>
    Auto,

    /// <summary>libtorch: any device and precision.</summary>
    Torch,

    /// <summary>ONNX Runtime, from the model's own ONNX bytes: float32 on the CPU.</summary>
    Onnx,

    /// <summary>Mammo's own kernels: float32 on the CPU, nothing native. Networks with a layer that they cannot compute run by ONNX Runtime.</summary>
    Mammo,
}
