using System.Collections.Immutable;
using PureHDF;

namespace Mammo.Networks.Files.Keras;

/// <summary>A floating-point dataset of an HDF5 file whose values have not been read yet.</summary>
/// <param name="Name">Path below its group (<c>conv2d_1/kernel:0</c>).</param>
/// <param name="Shape">Sizes in the file's order.</param>
/// <param name="Dataset">Where the values are.</param>
internal sealed record HdfArray(string Name, ImmutableArray<int> Shape, IH5Dataset Dataset)
{
    /// <summary>Bits of one stored value: 16, 32 or 64.</summary>
    public int Bits => Dataset.Type.Size * 8;

    /// <summary>Reads the values and rounds them to float32.</summary>
    public float[] Read()
    {
        if (Shape.Contains(0))
            return [];
        return Bits switch
        {
            16 => Array.ConvertAll(Values<Half>(), value => (float)value),
            32 => Values<float>(),
            _ => Array.ConvertAll(Values<double>(), value => (float)value),
        };
    }

    private T[] Values<T>()
    {
        var values = Shape.IsEmpty ? [Dataset.Read<T>()] : Dataset.Read<T[]>();
        return values.LongLength == Shape.Aggregate(1L, (product, size) => product * size)
            ? values
            : throw new InvalidDataException($"The dataset '{Name}' holds another number of values than its shape says.");
    }
}
