using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mammo.Data.Datasets;

namespace Mammo.Torch.Training.Batches;

/// <summary>Whether a dataset is the same as another, wherever its files are.</summary>
internal static class DatasetFingerprint
{
    private const int Edge = 64 << 10;

    /// <summary>
    /// SHA-256 of the classes and, image by image in order, of label, weight, regions of interest, length and the first and last 64 KiB; reading whole files
    /// would take minutes on film archives.
    /// </summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.FileUnreadable"/>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled between two files.</exception>
    public static string Of(MammoDataset dataset, CancellationToken cancellation = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(string.Join('\n', dataset.Classes));
        var buffer = new byte[Edge];
        foreach (var image in dataset.Images)
        {
            cancellation.ThrowIfCancellationRequested();
            AddFile(image, buffer);
        }


        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();

        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));

        void AddFile(MammoImage image, byte[] edge)
        {
            try
            {
                using var file = InputFile.Open(image.Path, bufferSize: 0);
                Add(string.Create(CultureInfo.InvariantCulture, $"{image.Label}|{image.SampleWeight:R}|{file.Length}"));
                if (!image.Rois.IsEmpty)
                    Add(string.Join('|', image.Rois));
                hash.AppendData(edge, 0, file.ReadAtLeast(edge, edge.Length, throwOnEndOfStream: false));
                file.Position = Math.Max(0, file.Length - edge.Length);
                hash.AppendData(edge, 0, file.ReadAtLeast(edge, edge.Length, throwOnEndOfStream: false));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw InputFile.Unreadable("image", image.Path, error);
            }
        }
    }
}
