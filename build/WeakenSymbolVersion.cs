using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies a 64-bit little-endian ELF library and marks one symbol version that it asks for as weak, so that a system whose library lacks that version loads it
/// all the same.
/// Done only when no relocation refers to a symbol of that version, so that nothing can be missed at run time.
/// </summary>
/// <remarks>
/// libLibTorchSharp.so 0.107.0 was linked on a newer system and names GLIBCXX_3.4.32 for std::ios_base_library_init, which nothing in it calls;
/// Debian 12, Ubuntu 22.04 and RHEL 9 refuse the whole file for that. Layout: System V ABI, "Program Header" and "Dynamic Section"; LSB Core, "Symbol
/// Versioning".
/// </remarks>
public sealed class WeakenSymbolVersion : Task
{
    private const ushort WeakFlag = 0x2;

    private byte[] elf;

    [Required]
    public string Source { get; set; }

    [Required]
    public string Destination { get; set; }

    [Required]
    public string Version { get; set; }

    public override bool Execute()
    {
        elf = File.ReadAllBytes(Source);
        if (elf.Length < 64 || U32(0) != 0x464C457F || elf[4] != 2 || elf[5] != 1)
            return Refuse("is not a 64-bit little-endian ELF file");

        long entry = FindVersionNeed();
        if (entry < 0)
            Log.LogMessage(MessageImportance.Low, "{0} does not ask for {1}; it is copied as it is.", Source, Version);
        else if (IsRelocatedAgainst(U16(entry + 6)))
            return Refuse("calls a symbol of version " + Version + ", so that it cannot run without it");
        else
            elf[entry + 4] |= (byte)WeakFlag;

        Directory.CreateDirectory(Path.GetDirectoryName(Destination));
        File.WriteAllBytes(Destination, elf);
        return true;
    }

    private bool Refuse(string why)
    {
        Log.LogError("{0} {1}.", Source, why);
        return false;
    }

    // The offset of the vernaux entry of that name: hash (4 bytes), flags (2), version index (2), name (4), next (4).
    private long FindVersionNeed()
    {
        if (!TryGetTable(0x6FFFFFFE, out long need)) return -1;
        TryGetTable(5, out long strings);
        for (long step = 1; step != 0; need += step)
        {
            long entry = need + U32(need + 8);
            for (long next = 1; next != 0; entry += next)
            {
                if (TextAt(strings + U32(entry + 8)) == Version) return entry;
                next = U32(entry + 12);
            }
            step = U32(need + 12);
        }
        return -1;
    }

    private bool IsRelocatedAgainst(ushort versionIndex)
    {
        if (!TryGetTable(0x6FFFFFF0, out long versions)) return false;
        return HasRelocation(7, 8, versions, versionIndex) || HasRelocation(23, 2, versions, versionIndex);
    }

    // Rela entries: offset (8 bytes), info (8, the symbol in its upper half), addend (8).
    private bool HasRelocation(long tableTag, long sizeTag, long versions, ushort versionIndex)
    {
        if (!TryGetTable(tableTag, out long table)) return false;
        TryGetTag(sizeTag, out long size);
        for (long at = table; at < table + size; at += 24)
        {
            long symbol = U32(at + 12);
            if (symbol != 0 && (U16(versions + 2 * symbol) & 0x7FFF) == versionIndex) return true;
        }
        return false;
    }

    private bool TryGetTable(long tag, out long offset)
    {
        bool found = TryGetTag(tag, out long address);
        offset = found ? ToOffset(address) : 0;
        return found;
    }

    private bool TryGetTag(long tag, out long value)
    {
        value = 0;
        long dynamic = FindSegment(2, segment => true);
        for (long at = (long)U64(dynamic + 8); U64(at) != 0; at += 16)
        {
            if ((long)U64(at) != tag) continue;
            value = (long)U64(at + 8);
            return true;
        }
        return false;
    }

    private long ToOffset(long address)
    {
        long load = FindSegment(1, segment => address >= (long)U64(segment + 16) && address < (long)(U64(segment + 16) + U64(segment + 32)));
        return address - (long)U64(load + 16) + (long)U64(load + 8);
    }

    // Program headers: type (4 bytes), flags (4), offset (8), virtual address (8), physical address (8), size in the file (8), ...
    private long FindSegment(uint type, Func<long, bool> holds)
    {
        long first = (long)U64(32);
        for (long at = first; at < first + U16(54) * U16(56); at += U16(54))
        {
            if (U32(at) == type && holds(at)) return at;
        }
        throw new InvalidDataException(Source + " lacks a program header of type " + type + ".");
    }

    private string TextAt(long offset)
    {
        int end = Array.IndexOf(elf, (byte)0, (int)offset);
        return Encoding.ASCII.GetString(elf, (int)offset, end - (int)offset);
    }

    private ushort U16(long offset) => BitConverter.ToUInt16(elf, (int)offset);

    private uint U32(long offset) => BitConverter.ToUInt32(elf, (int)offset);

    private ulong U64(long offset) => BitConverter.ToUInt64(elf, (int)offset);
}
