using System.Buffers.Binary;
using System.Text;
using Mammo.Data.Dicom;

namespace Mammo.Tests.Data.Dicom.Writing;

/// <summary>A data set of a written file, or an item in it, as Mammo's own parser reads it.</summary>
internal sealed class WrittenItem
{
    public SortedDictionary<uint, byte[]> Values { get; } = [];

    public Dictionary<uint, string> Vrs { get; } = [];

    public SortedDictionary<uint, List<WrittenItem>> Items { get; } = [];

    /// <summary>Reads a file of explicit representations.</summary>
    public static WrittenItem Read(byte[] file)
    {
        using var input = new DicomInput(new MemoryStream(file, 132, file.Length - 132), file.Length - 132, 132);
        var parser = new DicomParser(input, isExplicit: true, isBigEndian: false, _ => true);
        var root = new WrittenItem();
        var open = new Stack<WrittenItem>([root]);
        var sequences = new Stack<uint>();
        while (parser.Read())
        {
            switch (parser.Token)
            {
                case DicomToken.Sequence:
                    sequences.Push(parser.Element.Tag);
                    open.Peek().Items.Add(parser.Element.Tag, []);
                    break;
                case DicomToken.EndOfSequence:
                    sequences.Pop();
                    break;
                case DicomToken.Item:
                    var item = new WrittenItem();
                    open.Peek().Items[sequences.Peek()].Add(item);
                    open.Push(item);
                    break;
                case DicomToken.EndOfItem:
                    open.Pop();
                    break;
                default:
                    var (tag, vr) = (parser.Element.Tag, parser.Element.Vr);
                    open.Peek().Vrs.Add(tag, $"{(char)(vr >> 8)}{(char)(vr & 0xFF)}");
                    open.Peek().Values.Add(tag, parser.Value(int.MaxValue).ToArray());
                    break;
            }
        }

        return root;
    }

    /// <summary>A text in UTF-8, of which ASCII is a part, without padding.</summary>
    public string Text(uint tag) => Encoding.UTF8.GetString(Values[tag]).TrimEnd(' ', '\0');

    public float[] Singles(uint tag) => [.. Values[tag].Chunk(4).Select(bytes => BinaryPrimitives.ReadSingleLittleEndian(bytes))];

    public WrittenItem One(uint tag) => Assert.Single(Items[tag]);

    public IEnumerable<WrittenItem> All(uint tag) => Items.GetValueOrDefault(tag, []);
}
