namespace Mammo.PowerShell.Models;

/// <summary>File formats that models are written in.</summary>
public enum ModelFormat
{
    /// <summary>Safetensors with the network and the card as JSON in the metadata.</summary>
    Safetensors,

    /// <summary>ONNX, operator set 17, dynamic batch.</summary>
    Onnx,
}
