using System.Globalization;
using TorchSharp;

namespace Mammo.Torch;

/// <summary>Device names as users write them.</summary>
internal static class TorchDevice
{
    /// <summary>Finds the device named <c>auto</c> (a GPU if there is one), <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>, upper or lower case.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.DeviceUnavailable"/>: another word, or no such GPU; <see cref="ErrorIds.TorchUnavailable"/>: libtorch cannot be loaded.
    /// </exception>
    public static torch.Device Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        NativeTorch.EnsureLoaded();
        var word = name.Trim().ToLowerInvariant();
        return word switch
        {
            "cpu" => torch.CPU,
            "auto" => GpuCount() > 0 ? Gpu(name, 0) : torch.CPU,
            "cuda" => Gpu(name, 0),
            _ when word.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(word.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index) => Gpu(name, index),
            _ => throw new MammoException(ErrorIds.DeviceUnavailable, $"'{name}' is not a device.", "Use auto, cpu, cuda or cuda:N.", name),
        };
    }

    /// <summary>True when libtorch finds a GPU. A build without CUDA libraries is known to have none without loading it.</summary>
    public static bool HasGpu()
    {
        if (!NativeTorch.HasCudaLibraries())
            return false;
        NativeTorch.EnsureLoaded();
        return GpuCount() > 0;
    }

    private static torch.Device Gpu(string name, int index)
    {
        var count = GpuCount();
        if (index < count)
            return new torch.Device(DeviceType.CUDA, index);
        throw count == 0
            ? new MammoException(ErrorIds.DeviceUnavailable, $"Device '{name}' is not there: this libtorch finds no GPU.",
                "Use cpu, or a build with CUDA (dotnet build -p:MammoTorch=cuda-linux or cuda-windows) and NVIDIA's driver.", name)
            : new MammoException(ErrorIds.DeviceUnavailable, string.Create(
                CultureInfo.InvariantCulture, $"Device '{name}' is not there: this machine has {count} GPU(s)."),
                string.Create(CultureInfo.InvariantCulture, $"Use cuda:0 to cuda:{count - 1}, or cpu."), name);
    }

    private static int GpuCount() => torch.cuda.is_available() ? torch.cuda.device_count() : 0;
}
