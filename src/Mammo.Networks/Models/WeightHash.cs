using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Models;

/// <summary>The fingerprint of a model's weights, the same in every file format.</summary>
public static class WeightHash
{
    /// <summary>The fingerprint of a model: the card's, or computed.</summary>
    public static string Of(MammoModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Card.WeightHash ?? model.ComputedHash;
    }

    /// <summary>The fingerprint of the weights that a model has, whatever its card says.</summary>
    public static string Computed(MammoModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.ComputedHash;
    }

    /// <summary>
    /// SHA-256 in lower-case hexadecimal over all weights in ordinal order of their path names; of each: the name in UTF-8, a zero byte, the number of sizes
    /// and the
    /// sizes in canonical layout as little-endian int32, and the values in C order as little-endian float32.
    /// </summary>
    public static string Of(IEnumerable<KeyValuePair<string, Weight>> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, weight) in weights.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData([0]);
            Append(weight.Shape.Length);
            foreach (var size in weight.Shape)
                Append(size);
            hash.AppendData(MemoryMarshal.AsBytes(weight.Values.AsSpan()));
        }

        return string.Concat(hash.GetHashAndReset().Select(part => part.ToString("x2", CultureInfo.InvariantCulture)));

        void Append(int number)
        {
            Span<byte> bytes = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
            hash.AppendData(bytes);
        }
    }
}
